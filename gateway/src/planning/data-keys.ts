import { Kind, visit, type DocumentNode, type FieldNode } from 'graphql';
import type { QueryPlan } from './query-plan.js';

/** Ends the key under which a renamed field travels. */
const suffix = '__renamed';

/**
 * The key under which the data of a plan holds a field of the client's operation: its response key, unless the plan had
 * to rename the client's alias.
 */
export function dataKeyOf(field: FieldNode, plan: QueryPlan): string {
  const alias = field.alias?.value;
  if (alias === undefined) return field.name.value;
  const renamed = alias !== field.name.value && plan.renamedAliases?.includes(alias) === true;
  return renamed ? `${alias}${suffix}` : alias;
}

/** The client's response key for a key of the plan's data, for example in the path of a service's error. */
export function responseKeyOf(dataKey: string, plan: QueryPlan): string {
  if (!dataKey.endsWith(suffix)) return dataKey;
  const alias = dataKey.slice(0, -suffix.length);
  return plan.renamedAliases?.includes(alias) === true ? alias : dataKey;
}

/**
 * Renames aliases that are the name of another field. A planner adds fields under their own names (keys, what
 * `@requires` asks for, `__typename`): with `{ id: name }` it would send the name where the id belongs.
 *
 * @param fieldNames the names of all fields that the planner may add
 */
export function renameAliases(
  document: DocumentNode,
  fieldNames: ReadonlySet<string>,
): { readonly document: DocumentNode; readonly renamedAliases: readonly string[] } {
  const renamed = new Set<string>();
  const rewritten = visit(document, {
    [Kind.FIELD]: (field) => {
      const alias = field.alias?.value;
      if (alias === undefined || alias === field.name.value) return undefined;
      if (!fieldNames.has(alias) && !alias.endsWith(suffix)) return undefined;
      renamed.add(alias);
      return { ...field, alias: { kind: Kind.NAME, value: `${alias}${suffix}` } };
    },
  });
  return { document: rewritten, renamedAliases: [...renamed] };
}

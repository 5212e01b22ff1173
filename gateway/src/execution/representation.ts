import type { DataRewrite, PlanSelection } from '../planning/query-plan.js';
import { DataObject, missing, type Shape } from './data-object.js';
import { Representation } from './subgraph-fetch.js';
import type { TypeRelations } from './type-relations.js';

type Draft = Record<string, unknown>;

/**
 * Puts part of an object into a representation; false when something that it needs is missing. What was never asked for
 * is left out: a plan asks for what it needs, save where `@skip` or `@include` leave out what would need it.
 */
type Put = (object: DataObject, draft: Draft) => boolean;

/**
 * What is sent to a service for an entity: undefined for an object that is of none of the types in question, `missing`
 * when too little is known of it to ask for more.
 */
export type Represent = (object: DataObject) => Representation | typeof missing | undefined;

/**
 * @param requires what the service needs of an entity
 * @param shape of the entity as it is known by then
 * @param rewrites what is done to the representation before it is sent
 */
export function compileRepresentation(
  requires: readonly PlanSelection[],
  shape: Shape,
  rewrites: readonly DataRewrite[],
  types: TypeRelations,
): Represent {
  const put = compileSelections(requires, shape, types);
  const changes = rewrites.map((rewrite) => compileRewrite(rewrite, types));
  return (object) => {
    const fields: Draft = {};
    if (!put(object, fields)) return missing;
    if (fields['__typename'] === undefined) return undefined;
    for (const change of changes) change(fields);
    return new Representation(fields);
  };
}

function compileSelections(selections: readonly PlanSelection[], shape: Shape, types: TypeRelations): Put {
  const parts = selections.map((selection) => compileSelection(selection, shape, types));
  return (object, draft) => parts.every((put) => put(object, draft));
}

function compileSelection(selection: PlanSelection, shape: Shape, types: TypeRelations): Put {
  if (selection.kind === 'InlineFragment') {
    const { typeCondition } = selection;
    const put = compileSelections(selection.selections, shape, types);
    if (typeCondition === undefined) return put;
    return (object, draft) =>
      object.typename === undefined || !types.meets(object.typename, typeCondition) || put(object, draft);
  }
  const key = selection.alias ?? selection.name;
  if (selection.name === '__typename') {
    return (object, draft) => {
      draft[key] = object.typename;
      return object.typename !== undefined;
    };
  }
  const { index } = shape.slot(key);
  if (selection.selections === undefined) {
    return (object, draft) => {
      const value = object.values[index];
      if (value !== undefined) draft[key] = value;
      return value !== missing;
    };
  }
  const put = compileSelections(selection.selections, shape.below(key), types);
  return (object, draft) => {
    const value = nested(object.values[index], put);
    if (value !== undefined) draft[key] = value;
    return value !== missing;
  };
}

/** `missing` when something that is needed is. */
function nested(value: unknown, put: Put): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => nested(item, put));
    return items.includes(missing) ? missing : items;
  }
  if (!(value instanceof DataObject)) return value;
  const draft: Draft = {};
  return put(value, draft) ? draft : missing;
}

const condition = '... on ';

function compileRewrite(rewrite: DataRewrite, types: TypeRelations): (representation: Draft) => void {
  const last = rewrite.path.at(-1);
  if (last === undefined || last.startsWith(condition))
    throw new Error(`A plan's rewrite does not end at a field: ${rewrite.path.join('.')}`);
  const parents = rewrite.path.slice(0, -1);
  const change = (at: Draft): void => {
    if (rewrite.kind === 'ValueSetter') at[last] = rewrite.setValueTo;
    else if (Object.hasOwn(at, last)) {
      at[rewrite.renameKeyTo] = at[last];
      delete at[last];
    }
  };
  return (representation) => changeAt(representation, parents, change, types);
}

function changeAt(
  value: unknown,
  [first, ...rest]: readonly string[],
  change: (at: Draft) => void,
  types: TypeRelations,
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) changeAt(item, first === undefined ? [] : [first, ...rest], change, types);
    return;
  }
  const at = value as Draft;
  if (first === undefined) return change(at);
  if (!first.startsWith(condition)) return changeAt(at[first], rest, change, types);
  const typename = at['__typename'];
  if (typeof typename !== 'string' || types.meets(typename, first.slice(condition.length)))
    changeAt(at, rest, change, types);
}

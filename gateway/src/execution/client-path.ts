import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ResponsePath } from './entity-path.js';

/**
 * Shortens paths to what a client asked for: a service may fail at a field that only another service needs, which the
 * client then finds told at the object that it belongs to.
 *
 * @param responseKeyOf the client's response key for a key of the plan's data
 */
export function clientPaths(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  responseKeyOf: (dataKey: string) => string,
): (path: ResponsePath) => ResponsePath {
  const definitions = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const fragments = new Map(definitions.map((node) => [node.name.value, node]));
  return (dataPath) => {
    const path = dataPath.map((part) => (typeof part === 'number' ? part : responseKeyOf(part)));
    let sets: readonly SelectionSetNode[] = [operation.selectionSet];
    for (const [index, part] of path.entries()) {
      if (typeof part === 'number') continue;
      const fields = sets.flatMap((set) => fieldsOf(set, part, fragments, new Set()));
      if (fields.length === 0) return path.slice(0, index);
      sets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
    }
    return path;
  };
}

/** The fields with a response key in a selection, whatever their conditions. */
function fieldsOf(
  set: SelectionSetNode,
  key: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Set<string>,
): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD)
      return (selection.alias ?? selection.name).value === key ? [selection] : [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, key, fragments, seen);
    const name = selection.name.value;
    const fragment = fragments.get(name);
    if (fragment === undefined || seen.has(name)) return [];
    seen.add(name);
    return fieldsOf(fragment.selectionSet, key, fragments, seen);
  });
}

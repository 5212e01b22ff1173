import { getArgumentValues, getNamedType, type GraphQLResolveInfo, isObjectType, Kind } from 'graphql';

/**
 * With which arguments a field of what is resolved is asked for, where that can be told at a glance: once, not in a fragment, and
 * under no condition. So it may be read together with its parent; null where it is to be read when it is resolved, if it is.
 */
export function argumentsOfField(info: GraphQLResolveInfo, name: string): Record<string, unknown> | null {
  const nodes = info.fieldNodes
    .flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
    .filter((node) => node.kind === Kind.FIELD && node.name.value === name);
  const [node] = nodes;
  const type = getNamedType(info.returnType);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (nodes.length !== 1 || node?.kind !== Kind.FIELD || field === undefined) return null;
  return node.directives?.length ? null : getArgumentValues(field, node, info.variableValues);
}

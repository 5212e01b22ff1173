import { Kind, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { booleanArgument, stringArgument } from './supergraph-document.js';

/**
 * Takes the keys that a service does not resolve (`resolvable: false`) out of a supergraph. Such a key says that the
 * service can name an entity, for which its fields suffice; a planner that sees the key may return to the service by it.
 */
export function withoutUnresolvableKeys(supergraph: DocumentNode): DocumentNode {
  return visit(supergraph, {
    enter: (node) => {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION)
        return undefined;
      const directives = (node.directives ?? []).filter(
        (directive, index, all) =>
          !isUnresolvable(directive) ||
          // One of them stays, without its key: it says that the service has the type.
          (!all.some((other) => !isUnresolvable(other) && isSameGraph(directive, other)) &&
            all.findIndex((other) => isSameGraph(directive, other)) === index),
      );
      return { ...node, directives: directives.map(withoutUnresolvableKey) };
    },
  });
}

function isUnresolvable(directive: ConstDirectiveNode): boolean {
  return (
    directive.name.value === 'join__type' &&
    booleanArgument(directive, 'resolvable') === false &&
    booleanArgument(directive, 'isInterfaceObject') !== true
  );
}

function isSameGraph(one: ConstDirectiveNode, other: ConstDirectiveNode): boolean {
  return (
    one.name.value === other.name.value && stringArgument(one, 'graph') === stringArgument(other, 'graph')
  );
}

function withoutUnresolvableKey(directive: ConstDirectiveNode): ConstDirectiveNode {
  if (!isUnresolvable(directive)) return directive;
  const kept = (directive.arguments ?? []).filter(({ name }) => !['key', 'resolvable'].includes(name.value));
  return { ...directive, arguments: kept };
}

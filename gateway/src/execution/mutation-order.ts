import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { gatewayError } from '../errors.js';
import type { PlanNode } from '../planning/query-plan.js';
import { compileReader } from './answer-reader.js';
import type { DataKeys } from './client-path.js';
import { Shape } from './data-object.js';

/**
 * Holds a plan against its mutation: each field is executed once, in the order of the operation. Planners fail at it
 * where one field stands in an operation several times, under different conditions.
 *
 * @throws GraphQLError of the catalog that names the field
 */
export function assertMutationOrder(
  node: PlanNode,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  keys: DataKeys,
): void {
  const planned = rootKeys(node);
  const wanted = [
    ...new Set(fieldsOf(operation.selectionSet, document, new Set()).map((field) => keys.dataKeyOf(field))),
  ].filter((key) => planned.includes(key));
  const misplaced = planned.find((key, index) => wanted[index] !== key);
  if (misplaced === undefined) return;
  throw gatewayError(
    'GRAPHQL_VALIDATION_FAILED',
    `The order of the mutation is not clear around "${keys.responseKeyOf(misplaced)}": write each of its fields once.`,
  );
}

/** The keys of what a plan has executed at the root, in its order; twice where it is executed twice. */
function rootKeys(node: PlanNode): string[] {
  switch (node.kind) {
    case 'Fetch':
      return compileReader(node, new Shape()).fields.map(({ key }) => key);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(rootKeys);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((clause) =>
        clause === undefined ? [] : rootKeys(clause),
      );
    case 'Flatten':
      return [];
  }
}

function fieldsOf(set: SelectionSetNode, document: DocumentNode, seen: Set<string>): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, document, seen);
    const name = selection.name.value;
    if (seen.has(name)) return [];
    seen.add(name);
    const fragment = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? fieldsOf(fragment.selectionSet, document, seen) : [];
  });
}

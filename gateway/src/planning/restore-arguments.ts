import { Kind, parse, print, visit, type DocumentNode } from 'graphql';
import type { FetchNode, KeyRenamer, PlanNode, PlanSelection } from './query-plan.js';
import type { RequiredArguments } from './required-arguments.js';
import { splitByRequirement } from './split-fetch.js';

/**
 * Puts the fields for which stand-ins stand back into a plan: they are asked for under the stand-in's name as an alias,
 * and get their own name in the representations that are sent. A fetch that would need one field with several arguments
 * in one representation becomes several.
 */
export function restoreRequiredArguments(node: PlanNode, required: RequiredArguments): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((part) => restoreRequiredArguments(part, required)) };
    case 'Flatten':
      return { ...node, node: restoreRequiredArguments(node.node, required) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause && { ifClause: restoreRequiredArguments(node.ifClause, required) }),
        ...(node.elseClause && { elseClause: restoreRequiredArguments(node.elseClause, required) }),
      };
    case 'Fetch': {
      const parts = splitByRequirement(node, required).map((part) => restoreFetch(part, required));
      const [first, ...others] = parts;
      return first !== undefined && others.length === 0 ? first : { kind: 'Parallel', nodes: parts };
    }
  }
}

function restoreFetch(fetch: FetchNode, required: RequiredArguments): FetchNode {
  const renamers = renamersOf(fetch.requires ?? [], [], required);
  const document = withFields(parse(fetch.operation, { noLocation: true }), required);
  return {
    ...fetch,
    operation: document === undefined ? fetch.operation : print(document),
    // Before the planner's own, which may change the type names that the paths look at.
    ...(renamers.length > 0 && { inputRewrites: [...renamers, ...(fetch.inputRewrites ?? [])] }),
  };
}

/** Undefined when the document uses no stand-in. */
function withFields(document: DocumentNode, { standIns }: RequiredArguments): DocumentNode | undefined {
  let changed = false;
  const restored = visit(document, {
    [Kind.FIELD]: (node) => {
      const standIn = standIns.get(node.name.value);
      if (standIn === undefined) return undefined;
      changed = true;
      return {
        ...node,
        alias: node.alias ?? node.name,
        name: { kind: Kind.NAME, value: standIn.field },
        arguments: standIn.arguments,
      };
    },
  });
  return changed ? restored : undefined;
}

function renamersOf(
  selections: readonly PlanSelection[],
  path: readonly string[],
  required: RequiredArguments,
): KeyRenamer[] {
  return selections.flatMap((selection): KeyRenamer[] => {
    if (selection.kind === 'InlineFragment') {
      const narrowed =
        selection.typeCondition === undefined ? path : [...path, `... on ${selection.typeCondition}`];
      return renamersOf(selection.selections, narrowed, required);
    }
    const ownPath = [...path, selection.alias ?? selection.name];
    const standIn = required.standIns.get(selection.name);
    // What lies below is renamed first, as long as its path is true.
    const below = renamersOf(selection.selections ?? [], ownPath, required);
    return standIn === undefined
      ? below
      : [...below, { kind: 'KeyRenamer', path: ownPath, renameKeyTo: standIn.field }];
  });
}

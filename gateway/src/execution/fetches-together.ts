import type { FetchNode, PlanNode } from '../planning/query-plan.js';

/**
 * The fetches for entities that may begin at the same moment as another one for the same service: those on different sides
 * of a parallel node, and those that are sent once for each context. Whether they do is seen when the plan runs, for that
 * depends on what is kept, and on when services answer.
 */
export function fetchesTogether(node: PlanNode | undefined): ReadonlySet<FetchNode> {
  const together = new Set<FetchNode>();
  if (node !== undefined) entityFetches(node, together);
  return together;
}

/** All fetches for entities below a node. */
function entityFetches(node: PlanNode, together: Set<FetchNode>): readonly FetchNode[] {
  switch (node.kind) {
    case 'Fetch':
      if ((node.contextRewrites ?? []).length > 0) together.add(node);
      return node.requires === undefined ? [] : [node];
    case 'Flatten':
      return entityFetches(node.node, together);
    case 'Sequence':
      return node.nodes.flatMap((each) => entityFetches(each, together));
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((each) => (each ? entityFetches(each, together) : []));
    case 'Parallel': {
      const sides = node.nodes.map((each) => entityFetches(each, together));
      noteMeetings(sides, together);
      return sides.flat();
    }
  }
}

function noteMeetings(sides: readonly (readonly FetchNode[])[], together: Set<FetchNode>): void {
  const sidesOf = new Map<string, Set<readonly FetchNode[]>>();
  for (const side of sides) {
    for (const { serviceName } of side) {
      const known = sidesOf.get(serviceName) ?? new Set();
      sidesOf.set(serviceName, known.add(side));
    }
  }
  for (const fetch of sides.flat()) {
    if ((sidesOf.get(fetch.serviceName)?.size ?? 0) > 1) together.add(fetch);
  }
}

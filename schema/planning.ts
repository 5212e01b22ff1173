import { operationFromDocument, type Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode } from '@apollo/query-planner';
import { parse } from 'graphql';

/** Gives, for a document, the services that its query plan asks, each once, by name. */
export type Planner = (document: string) => readonly string[];

/**
 * A planner over an audience's supergraph.
 *
 * It throws a GraphQLError when the document does not fit the audience's schema or cannot be planned.
 */
export function createPlanner(supergraph: Supergraph): Planner {
  const planner = new QueryPlanner(supergraph);
  return (document) => {
    const operation = operationFromDocument(supergraph.apiSchema(), parse(document));
    const { node } = planner.buildQueryPlan(operation);
    return node === undefined || node.kind === 'Subscription' ? [] : [...new Set(services(node))].sort();
  };
}

function services(node: PlanNode): string[] {
  switch (node.kind) {
    case 'Fetch':
      return [node.serviceName];
    case 'Flatten':
      return services(node.node);
    case 'Parallel':
    case 'Sequence':
      return node.nodes.flatMap(services);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((clause) =>
        clause === undefined ? [] : services(clause),
      );
    case 'Defer':
      return [node.primary.node, ...node.deferred.map((part) => part.node)].flatMap((part) =>
        part === undefined ? [] : services(part),
      );
  }
}

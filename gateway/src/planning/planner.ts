import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { QueryPlan } from './query-plan.js';

/** Plans operations over one supergraph; a new supergraph has a planner of its own. */
export interface Planner {
  /** The services that plans may ask, by name. */
  readonly services: readonly string[];
  /** What a client may ask: the schema against which documents are validated. */
  readonly apiSchema: GraphQLSchema;
  /** With what clients do not see, which plans may use all the same. */
  readonly supergraphSchema: GraphQLSchema;
  /**
   * The plan of one operation of a document that is valid for `apiSchema`. Deterministic, and free of variables' values.
   *
   * Throws a GraphQLError when there is no way to answer it; a plan that would answer wrongly is never returned.
   */
  plan(document: DocumentNode, operationName?: string): QueryPlan;
}

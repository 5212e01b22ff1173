import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Judge } from '../protection/authorization/access.js';
import type { QueryPlan } from '../planning/query-plan.js';

/** An operation that was parsed, found valid for an audience's schema, and chosen from its document. */
export interface ValidOperation {
  /** SHA-256 of the text, in hexadecimal. */
  readonly hash: string;
  readonly source: string;
  readonly audience: string;
  /** What clients of the audience see. */
  readonly schema: GraphQLSchema;
  /** Without locations. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** What an operation is compiled from. */
export interface CompileInput extends ValidOperation {
  /** With what clients do not see. */
  readonly supergraphSchema: GraphQLSchema;
  /** Answers the operation, save for what the viewer may not see. */
  readonly plan: QueryPlan;
  /** Says of a field what the viewer lacks to see it; null when it may. */
  readonly judge: Judge;
}

/**
 * All that can be known of an operation before its variables are: made once for a text, an operation name, an audience,
 * the scopes of the viewer that make a difference to the operation, and a supergraph.
 */
export interface PreparedOperation<Compiled, Cost> extends CompileInput {
  readonly compiled: Compiled;
  /** The static part of what it costs. */
  readonly cost: Cost;
}

/** A prepared operation, or why there is none: errors of the catalog, as the client gets them. */
export type Preparation<Prepared> =
  | { readonly prepared: Prepared; readonly errors?: undefined }
  | { readonly prepared?: undefined; readonly errors: readonly GraphQLError[] };

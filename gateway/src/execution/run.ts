import type { GraphQLError } from 'graphql';
import type { DataObject } from './data-object.js';
import type { SubgraphFetch } from './subgraph-fetch.js';

/** Tells whether a request was given up, as an AbortSignal does. */
export interface GivenUp {
  throwIfAborted(): void;
}

/** One execution of a compiled operation while its plan runs. */
export interface Run<Context> {
  readonly root: DataObject;
  /** Coerced, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
  readonly fetch: SubgraphFetch<Context>;
  /** When it aborts no further service is asked. */
  readonly signal: GivenUp | undefined;
  readonly errors: GraphQLError[];
}

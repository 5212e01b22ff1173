import type { GraphQLFormattedError } from 'graphql';
import type { FetchNode } from '../planning/query-plan.js';

/** What identifies an entity to a service, and what of it the service needs to know. */
export class Representation {
  /** As JSON: made once, for whoever looks for equal ones and for whoever sends it. */
  readonly text: string;

  /** @param fields `{ __typename, id, … }` */
  constructor(readonly fields: Readonly<Record<string, unknown>>) {
    this.text = JSON.stringify(fields);
  }

  toJSON(): unknown {
    return this.fields;
  }
}

/** One request of a plan to one service. */
export interface SubgraphRequest {
  /** The plan's node: the same object for each run of a compiled operation, so that derived facts can be kept by it. */
  readonly fetch: FetchNode;
  /** The values of `fetch.variableUsages` (with defaults), without representations. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** For entities: each different one once. The answer's `data._entities` is in this order and of this length. */
  readonly representations?: readonly Representation[];
  /** True when no other request of the same execution can be for the same service at the same moment. */
  readonly alone?: boolean;
  /** How it may be sent once together with equal reads that are under way; left out, any of the same viewer's will do. */
  readonly sharing?: Sharing;
}

export interface Sharing {
  /** Only reads of the same group are joined. */
  readonly group: string;
  /** Whatever the one whose read is sent wants those who join it to know: they find it with the answer. */
  readonly begun: unknown;
}

/** What a service answered. `data` is absent or null when it failed as a whole. */
export interface SubgraphAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** `sharing.begun` of the request that was really sent. */
  readonly begun?: unknown;
}

/**
 * Asks a service. What surrounds a request to a service (entity cache, sharing of identical requests in flight, circuit
 * breaker, queue, deadline, transport) is a chain of functions of this form.
 *
 * It never rejects for a service's sake: a service that fails is an answer with errors, whose `extensions` name it.
 * The answer is shared, so nobody changes it.
 */
export type SubgraphFetch<Context> = (request: SubgraphRequest, context: Context) => Promise<SubgraphAnswer>;

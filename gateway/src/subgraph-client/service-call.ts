import type { Cancellation } from './cancellation.js';

/** One request to one service on its way through the chain. */
export interface ServiceRequest {
  /** The body as it is sent: `{"query":…,"operationName":…,"variables":…}`. */
  readonly body: string;
  /** Reads may be sent again, shared and given up; a mutation never. */
  readonly isRead: boolean;
  /** How many entities are asked for; undefined when root fields are. */
  readonly entities: number | undefined;
  readonly requestId: string;
  /** The header `traceparent`. */
  readonly traceparent: string;
  readonly viewerToken: string;
  readonly cancellation: Cancellation;
  /** The instant (of `performance.now()`, in milliseconds) at which nobody waits for the answer any more. */
  readonly deadlineAt: number;
}

/**
 * Asks one service. Each part of its protection is a function around a function of this form.
 *
 * Rejects with `ServiceFailure` when there is no answer that could be used, and with nothing else for a service's sake.
 */
export type CallService<Answer> = (request: ServiceRequest) => Promise<Answer>;

import type { Cancellation } from '../in-flight/cancellation.js';

/** One request to one service on its way. */
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
}

/**
 * Sends a request to one service, once.
 *
 * Rejects with `ServiceFailure` when there is no answer that could be used, and with nothing else for a service's sake.
 *
 * @param deadlineAt the instant (of `performance.now()`, in milliseconds) at which nobody waits for the answer any more
 */
export type SendToService<Answer> = (request: ServiceRequest, deadlineAt: number) => Promise<Answer>;

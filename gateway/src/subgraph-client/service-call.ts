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

/** Whoever waits for what comes of a request to a service: told once, by one of the two. */
export interface AnswerWaiter<Answer> {
  answered(answer: Answer): void;
  /** With a `ServiceFailure` when there is no answer that could be used; with nothing else for a service's sake. */
  failed(failure: unknown): void;
}

/**
 * Sends a request to one service, once. It tells who waits rather than giving promises: every fetch passes here.
 *
 * @param deadlineAt the instant (of `performance.now()`, in milliseconds) at which nobody waits for the answer any more
 * @param mayBeSentAgain whether a failure of its connection may lead to another call
 */
export type SendToService<Answer> = (
  request: ServiceRequest,
  deadlineAt: number,
  waiter: AnswerWaiter<Answer>,
  mayBeSentAgain: boolean,
) => void;

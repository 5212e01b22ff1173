import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';
/** What can be wrong with a request of operations: the catalog. The codes are those of `OperationsErrorCode`. */
export const operationsErrorCodes = {
  EVENT_NOT_CONSUMED: 'An event is sent to somebody who does not listen to its topic.',
  EVENT_UNKNOWN: 'The producer never told an event with this id.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  PRODUCER_UNAVAILABLE:
    'The producer did not answer in time: it may be down. The request waits for it; ask again with the same key.',
  PROJECTION_UNKNOWN: 'The service keeps no copy of this topic that could be built again.',
  RANGE_EMPTY: 'The range holds no event.',
  REBUILD_UNDER_WAY: 'A rebuild of this copy is under way: wait for it, or begin afresh with `restart`.',
  TOO_MANY_EVENTS: 'More than 10,000 events are meant: send them in smaller ranges.',
  TOPIC_UNKNOWN: 'The producer has no such topic.',
} as const;

export type OperationsErrorCode = keyof typeof operationsErrorCodes;

/** Something in the input that the caller can mend. */
export type OperationsError = UserError<OperationsErrorCode>;

/** With the catalog's sentence unless a closer one is given. */
export const operationsError = errorsOf(operationsErrorCodes);

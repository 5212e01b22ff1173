import { randomUUID } from 'node:crypto';
import type { ReachCheckpoint } from './checkpoint.js';
import type { ServiceClock } from './clock.js';
import type { Logger } from './logger.js';
import type { Changes, ChangingEvent } from './messaging/changes.js';
import { createEventAppender } from './messaging/outbox.js';
import { currentRequestId } from './request-scope.js';
import type { RunTransaction, ServiceDefinition } from './service-definition.js';

/** What the transactions of a running service work with. */
export interface TransactionParts<Work, Context extends object> {
  readonly definition: Pick<ServiceDefinition<Work, Context>, 'createUnitOfWork'>;
  readonly clock: ServiceClock;
  readonly reach: ReachCheckpoint;
  readonly changes: Changes;
  readonly logger: Logger;
  readonly wakeRelay: () => void;
}

/** Transactions of requests and periodic work: once one has committed, its events are told and published. */
export function createTransactions<Work, Context extends object>(
  parts: TransactionParts<Work, Context>,
): RunTransaction<Work> {
  const { definition, clock, reach, changes, logger, wakeRelay } = parts;
  return async (work) => {
    const requestId = currentRequestId() ?? randomUUID();
    let promised: ChangingEvent[] = [];
    const answer = await clock.transaction(async (scope) => {
      promised = [];
      const events = createEventAppender(scope, requestId, (event) => promised.push(event));
      const result = await work(definition.createUnitOfWork({ ...scope, events }));
      reach('use-case.before-commit');
      return result;
    });
    reach('use-case.after-commit');
    if (promised.length > 0) {
      // The relay tells again of what could not be told.
      changes
        .tellSoon(promised)
        .catch((error: unknown) => logger.warn({ err: error }, 'A change was not told'));
      wakeRelay();
    }
    return answer;
  };
}

import { writingTransaction } from '@fulfillment/kernel/server/last-writes';
import { createEventAppender, type EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { DataSource } from 'typeorm';

/** Appends events to an outbox in a transaction of their own, without the use case that would promise them. */
export function appendEvents(
  dataSource: DataSource,
  append: (events: EventAppender) => Promise<void>,
): Promise<void> {
  return writingTransaction(dataSource, (manager, lastWrites) =>
    append(createEventAppender({ manager, lastWrites }, 'test')),
  );
}

import type { Clock } from '@fulfillment/kernel/domain/clock';
import { createServiceClock } from '@fulfillment/kernel/server/clock';
import { createEventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { RunTransaction, ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import { serviceDataSource } from '@fulfillment/kernel/server/service-tables';
import type { DataSource } from 'typeorm';
import { afterAll } from 'vitest';

/**
 * A service's own data source on a test database, and transactions with its unit of work: use cases and stores without
 * a process. What they promise stays in the outbox. Call it at the top of a test file; it closes itself.
 */
export async function openUnitOfWork<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
  url: string,
  clock?: Clock,
): Promise<{ dataSource: DataSource; transaction: RunTransaction<Work> }> {
  const dataSource = await serviceDataSource(definition, url).initialize();
  afterAll(() => dataSource.destroy());
  const serviceClock = createServiceClock(dataSource, clock);
  return {
    dataSource,
    transaction: (work) =>
      serviceClock.transaction((scope) => {
        const events = createEventAppender(scope, 'test');
        return work(definition.createUnitOfWork({ ...scope, events }));
      }),
  };
}

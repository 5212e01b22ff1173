import { createServiceClock } from '@fulfillment/kernel/server/clock';
import { createEventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { RunTransaction } from '@fulfillment/kernel/server/service-definition';
import { serviceDataSource } from '@fulfillment/kernel/server/service-tables';
import { subscriptionsDefinition } from '@fulfillment/subscriptions/definition';
import type { BillingRun } from './billing-run.js';

type Work = ReturnType<typeof subscriptionsDefinition.createUnitOfWork>;

/**
 * A process of its own, so that its memory is that of a billing run alone: does what falls due until an instant as the
 * service does it by itself, and tells its parent what that took. Arguments: the database's URL, the instant.
 */
const [url = '', until = ''] = process.argv.slice(2);
const due = subscriptionsDefinition.periodic?.[0];
if (!due) throw new Error('Subscriptions do nothing by themselves');

const dataSource = await serviceDataSource(subscriptionsDefinition, url).initialize();
const clock = createServiceClock(dataSource, { now: async () => new Date(until) });
const transaction: RunTransaction<Work> = (work) =>
  clock.transaction((scope) => {
    const events = createEventAppender(scope, 'billing-run');
    return work(subscriptionsDefinition.createUnitOfWork({ ...scope, events }));
  });

const atStart = process.memoryUsage().rss;
const samples: number[] = [];
const watch = setInterval(() => samples.push(process.memoryUsage().rss), 100);
const startedAt = performance.now();
await due.run({
  transaction,
  clock,
  // A run that leaves something for later is no measurement.
  onSetAside: (_things, cause) => {
    throw cause;
  },
});
const seconds = (performance.now() - startedAt) / 1000;
clearInterval(watch);
await dataSource.destroy();
const highest = Math.max(atStart, ...samples);
process.send?.({ seconds, atStart, highest, tenths: highestInTenths(samples) } satisfies BillingRun);
process.disconnect();

function highestInTenths(all: readonly number[]): number[] {
  const tenth = (number: number) => Math.round((all.length * number) / 10);
  return Array.from({ length: 10 }, (_, index) => Math.max(0, ...all.slice(tenth(index), tenth(index + 1))));
}

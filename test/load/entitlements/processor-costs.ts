import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { serviceNames } from '@fulfillment/schema/events/topics';
import { processNames } from '../../kit/process-group.js';
import type { LoadSystem } from '../load-system.js';
import { processorTime } from '../processor-time.js';
import { findPostgres } from './measure.js';

/** What a load has cost each process of the system, and how long it took until its events had come in everywhere. */
export interface ProcessorCosts {
  /** CPU seconds by the name of the process; `PostgreSQL` is all of the server, `clients` this process. */
  readonly seconds: Readonly<Record<string, number>>;
  /** From the end of the load until no event was on its way. */
  readonly eventsAfterSeconds: number;
}

/** Runs a load; what its events cost after it is a part of its cost. */
export async function withCosts<Result>(
  system: LoadSystem,
  load: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly costs: ProcessorCosts }> {
  const postgres = await findPostgres(system.server.adminUrl);
  await untilEventsAreIn(system);
  const before = await timesOf(system);
  const spentByPostgres = await postgres.startCounting();
  const result = await load();
  const endedAt = performance.now();
  await untilEventsAreIn(system);
  const eventsAfterSeconds = (performance.now() - endedAt) / 1000;
  const after = await timesOf(system);
  const spent = [...after].map(([name, time]) => [name, time - (before.get(name) ?? 0)] as const);
  const seconds = Object.fromEntries(
    [...spent, ['PostgreSQL', await spentByPostgres()] as const].map(([name, time]) => [name, time / 1e6]),
  );
  return { result, costs: { seconds, eventsAfterSeconds } };
}

/** What so many operations have cost, for 1,000 of them, as a line of text. */
export function describeCosts({ seconds, eventsAfterSeconds }: ProcessorCosts, operations: number): string {
  const per1000 = (time: number) => ((time / operations) * 1000).toFixed(2);
  const all = Object.values(seconds).reduce((sum, time) => sum + time, 0);
  const each = Object.entries(seconds).map(([name, time]) => `${name} ${per1000(time)}`);
  return `${per1000(all).padStart(9)} CPU s for 1,000 (${each.join(', ')}); the last events came in ${eventsAfterSeconds.toFixed(1)} s later`;
}

/** In microseconds. */
async function timesOf({ processes }: LoadSystem): Promise<Map<string, number>> {
  const { user, system } = process.cpuUsage();
  const times = await Promise.all(
    processNames.map(async (name) => {
      const pid = processes.pid(name);
      return [name, pid === undefined ? 0 : await processorTime(pid)] as const;
    }),
  );
  return new Map([...times, ['clients', user + system]]);
}

/**
 * Looks ten times a second whether any event is in an outbox or on the bus, but for those that failed, and for mails, which are sent one
 * after the other.
 */
async function untilEventsAreIn({ server: { urls } }: LoadSystem): Promise<void> {
  const waits = [
    ...serviceNames.map((name) => [urls[name], 'SELECT FROM outbox WHERE published_at IS NULL LIMIT 1']),
    [
      urls.bus,
      'SELECT FROM graphile_worker._private_jobs WHERE last_error IS NULL AND job_queue_id IS NULL LIMIT 1',
    ],
  ] as const;
  for (const [connectionString = '', statement = ''] of waits) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      while ((await client.query(statement)).rowCount !== 0) await sleep(100);
    } finally {
      await client.end();
    }
  }
}

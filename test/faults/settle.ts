import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames } from '@fulfillment/schema/events/topics';
import type { Databases } from './checks/check.js';

const looksMs = 200;

/**
 * Waits until nothing is under way any more: every order is decided, every outbox is empty and the bus has delivered all.
 * @returns the seconds that it took; when `patienceMs` is over, what is left is for the checks to tell
 */
export async function settle(databases: Databases, patienceMs: number): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < patienceMs) {
    if (!(await isUnderWay(databases))) break;
    await sleep(looksMs);
  }
  return (performance.now() - startedAt) / 1000;
}

async function isUnderWay(databases: Databases): Promise<boolean> {
  const questions = [
    databases.orders.query("SELECT FROM orders WHERE status = 'PLACED' LIMIT 1"),
    databases.bus.query('SELECT FROM graphile_worker.jobs LIMIT 1'),
    ...serviceNames.map((name) =>
      databases[name].query('SELECT FROM outbox WHERE published_at IS NULL LIMIT 1'),
    ),
  ];
  const answers = await Promise.all(questions);
  return answers.some(({ rowCount }) => rowCount !== 0);
}

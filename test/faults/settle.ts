import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames } from '@fulfillment/schema/events/topics';
import type { Databases } from './checks/check.js';

const looksMs = 200;

/**
 * Waits until nothing is under way any more: every order is decided, every outbox is empty and the bus has delivered all.
 *
 * @param patienceMs how long it may take from one look that finds less under way than any before to the next
 * @returns the seconds that it took; when patience is over, what is left is for the checks to tell
 */
export async function settle(databases: Databases, patienceMs: number): Promise<number> {
  const startedAt = performance.now();
  let least = Infinity;
  let lastProgressAt = startedAt;
  while (performance.now() - lastProgressAt < patienceMs) {
    const left = await countUnderWay(databases);
    if (left === 0) break;
    if (left < least) {
      least = left;
      lastProgressAt = performance.now();
    }
    await sleep(looksMs);
  }
  return (performance.now() - startedAt) / 1000;
}

async function countUnderWay(databases: Databases): Promise<number> {
  const counts = await Promise.all([
    count(databases.orders, "orders WHERE status = 'PLACED'"),
    count(databases.bus, 'graphile_worker.jobs'),
    ...serviceNames.map((name) => count(databases[name], 'outbox WHERE published_at IS NULL')),
  ]);
  return counts.reduce((sum, each) => sum + each, 0);
}

async function count(database: Databases[keyof Databases], rows: string): Promise<number> {
  const { rows: answers } = await database.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${rows}`);
  return answers[0]?.n ?? 0;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@fulfillment/schema/events/topics';
import pg from 'pg';

const looksMs = 50;

/**
 * Waits until nothing of a system is under way any more: every event that a service has promised is published, and the bus has
 * delivered all.
 * @throws Error when that is not so within the patience, or a delivery has failed and is to be tried again later
 */
export async function untilQuiet(
  databaseUrls: Readonly<Record<ServiceName | 'bus', string>>,
  patienceMs = 20_000,
): Promise<void> {
  const looks = [
    ...serviceNames.map(
      (name) => [databaseUrls[name], 'SELECT FROM outbox WHERE published_at IS NULL'] as const,
    ),
    [databaseUrls.bus, 'SELECT FROM graphile_worker.jobs'] as const,
  ];
  const clients = looks.map(([url, text]) => ({ client: new pg.Client({ connectionString: url }), text }));
  await Promise.all(clients.map(({ client }) => client.connect()));
  try {
    const deadline = performance.now() + patienceMs;
    // Outboxes before the bus: what leaves one is there by then.
    for (;;) {
      let left = 0;
      for (const { client, text } of clients) left += (await client.query(text)).rowCount ?? 0;
      if (left === 0) return;
      if (performance.now() > deadline) throw new Error(`${left} events are under way still`);
      await sleep(looksMs);
    }
  } finally {
    await Promise.all(clients.map(({ client }) => client.end()));
  }
}

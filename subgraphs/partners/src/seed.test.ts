import { localDate } from '@fulfillment/kernel/domain/calendar';
import { populationBatches } from '@fulfillment/kernel/population/population';
import { seededEvent } from '@fulfillment/kernel/population/seeder';
import { copyRows } from '@fulfillment/kernel/server/copy';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { topics, type Topic } from '@fulfillment/schema/events/topics';
import pg from 'pg';
import { expect, test } from 'vitest';
import { partnersDefinition } from './definition.js';
import { createSeeder } from './seed.js';

const database = await cloneDatabase(partnersDefinition);
const { transaction } = await openUnitOfWork(partnersDefinition, database.url);

test('the population’s partners, customers and commissions fit their tables and contracts', async () => {
  const seeder = createSeeder({ today: '2026-11-23' });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('BEGIN');
    let partnerId = '';
    const grants = new Set<string>();
    for (const batch of populationBatches({ accounts: 200, today: localDate('2026-11-23') })) {
      partnerId ||= batch.partners[0]?.id ?? '';
      const { rows, events } = seeder.own(batch, []);
      for (const { topic, aggregateId, payload } of events) {
        topics[topic as Topic].payload.parse(payload);
        if (topic !== 'partners.grant') continue;
        expect(grants.has(aggregateId)).toBe(false);
        grants.add(aggregateId);
      }
      const posted = seededEvent({
        topic: 'subscriptions.partner-invoice-posted',
        kind: 'FACT',
        aggregateId: partnerId,
        sequence: batch.index + 1,
        occurredAt: '2026-11-20T12:00:00.000Z',
        payload: {
          partnerId,
          invoiceId: `5f0f5a0e-6a3d-4a53-9d35-3c8f1c8d2b2${batch.index}`,
          invoiceNumber: 'US-1',
          orderId: null,
          net: { minor: '10000', currency: 'USD' },
          credits: [],
          postedAt: '2026-11-20T12:00:00.000Z',
        },
      });
      for (const table of [...rows, ...seeder.project([posted])]) await copyRows(client, table);
    }
    await client.query('COMMIT');
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM customer_relationship) > 20 AS customers,
              (SELECT bool_and(amount_minor = 100 * rate_percent) FROM commission) AS commissions`,
    );
    expect(rows).toEqual([{ customers: true, commissions: true }]);
    const kept = await transaction((work) => work.partners.find(partnerId));
    expect(kept).toMatchObject({
      kind: 'DISTRIBUTOR',
      agreements: [{ endDate: expect.any(String) as string }],
    });
  } finally {
    await client.end();
  }
});

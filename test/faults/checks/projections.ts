import { localDate } from '@fulfillment/kernel/domain/calendar';
import { consumerRows, newest, producerRows } from '@fulfillment/kernel/population/messaging-rows';
import { populationBatches } from '@fulfillment/kernel/population/population';
import type { ServiceSeeder, TableRows } from '@fulfillment/kernel/population/seeder';
import { copyRows } from '@fulfillment/kernel/server/copy';
import { createSeeder as createLicensesSeeder } from '@fulfillment/licenses/seed';
import { createSeeder as createOrdersSeeder } from '@fulfillment/orders/seed';
import { createSeeder as createPartnersSeeder } from '@fulfillment/partners/seed';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { consumers, serviceNames, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import { createSeeder as createSubscriptionsSeeder } from '@fulfillment/subscriptions/seed';
import type pg from 'pg';
import type { Check, Databases, Told } from './check.js';

const seeders = {
  partners: createPartnersSeeder,
  orders: createOrdersSeeder,
  subscriptions: createSubscriptionsSeeder,
  licenses: createLicensesSeeder,
};

/**
 * A projection is worked out anew from all that its producers have promised, and held against what is there, row by row:
 * every table that a service fills from others' events, the grants, and how far it has read each aggregate.
 */
export const projectionsEqualTheirSources: readonly Check[] = serviceNames.map((service) => ({
  name: `what ${service} knows of others equals its sources`,
  async violations(databases, told) {
    const expected = await expectedRows(service, databases, told);
    const found: string[] = [];
    for (const rows of expected) found.push(...(await differences(databases[service], rows)));
    return found;
  },
}));

async function expectedRows(service: ServiceName, databases: Databases, told: Told): Promise<TableRows[]> {
  const promised = await Promise.all(serviceNames.map((name) => promisedBy(databases[name])));
  const consumed = promised.flat().filter(({ topic }) => consumers[topic as Topic].includes(service));
  const own = await promisedBy(databases[service]);
  const inEffect = [
    ...newest(consumed.filter(({ kind }) => kind === 'SNAPSHOT')),
    ...consumed.filter(({ kind }) => kind === 'FACT'),
  ];
  const kernel = [
    ...consumerRows(consumed),
    ...producerRows(own).filter(({ table }) => table === 'viewer_grant'),
  ];
  return merged([...seederOf(service, told).project(inEffect), ...kernel]);
}

/** A seeder that knows the partners: it projects what they earn by what was agreed with them. */
function seederOf(service: ServiceName, { population }: Told): ServiceSeeder {
  const today = localDate(population.today);
  const seeder = seeders[service]({ today });
  const first = populationBatches({ accounts: population.accounts, today }).next();
  if (!first.done) seeder.own(first.value, []);
  return seeder;
}

async function promisedBy(producer: pg.Client): Promise<EventEnvelope[]> {
  const { rows } = await producer.query<Omit<EventEnvelope, 'occurredAt'> & { occurredAt: Date }>(
    `SELECT id, topic, kind, aggregate_id AS "aggregateId", sequence, occurred_at AS "occurredAt",
            request_id AS "requestId", payload
     FROM outbox ORDER BY position`,
  );
  return rows.map((row) => ({ ...row, occurredAt: row.occurredAt.toISOString() }));
}

function merged(tables: readonly TableRows[]): TableRows[] {
  const byTable = new Map<string, TableRows>();
  for (const { table, rows } of tables) {
    byTable.set(table, { table, rows: [...(byTable.get(table)?.rows ?? []), ...rows] });
  }
  return [...byTable.values()];
}

/** The rows that are on one side alone; the database itself compares them, in its own forms. */
async function differences(client: pg.Client, { table, rows }: TableRows): Promise<string[]> {
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first)
    .map((column) => `"${column}"`)
    .join(', ');
  await client.query('BEGIN');
  try {
    await client.query(
      `CREATE TEMPORARY TABLE expected_${table} (LIKE ${table} INCLUDING DEFAULTS) ON COMMIT DROP`,
    );
    await copyRows(client, { table: `expected_${table}`, rows });
    const expected = `SELECT ${columns} FROM expected_${table}`;
    const there = `SELECT ${columns} FROM ${table}`;
    const { rows: found } = await client.query<{ violation: string }>(
      `SELECT format('${table} lacks %s', missing) AS violation FROM (${expected} EXCEPT ${there}) AS missing
       UNION ALL
       SELECT format('${table} should not have %s', extra) FROM (${there} EXCEPT ${expected}) AS extra`,
    );
    return found.map(({ violation }) => violation);
  } finally {
    await client.query('ROLLBACK');
  }
}

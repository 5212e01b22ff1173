import { exampleAccount, exampleOrder } from './example-order.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { query } from '@fulfillment/kernel/server/sql';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { headOf } from '../src/domain/subscription.js';
import { subscriptionVersionEntity } from '../src/persistence/entities.js';
import type { SubscriptionVersionRow } from '../src/persistence/rows.js';
import { fromVersionRow, toVersionRow } from '../src/persistence/subscription-mapping.js';
import { headsStatement } from '../src/persistence/subscription-store.js';

const database = await cloneDatabase(subscriptionsDefinition);
/** A day on which the orders of this file have their effect, wherever the account is. */
const clock = { now: async () => new Date('2026-11-24T12:00:00Z') };
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, clock);
const customers = {
  US: exampleAccount('American'),
  EU: exampleAccount('European', { legalEntityCode: 'EU' }),
};

const place = (name: string, entity: keyof typeof customers = 'US') =>
  transaction((work) => receiveOrder(work, exampleOrder({ name, soldTo: customers[entity] })));

beforeAll(async () => {
  await transaction((work) => receiveAccount(work, customers.US));
  await transaction((work) => receiveAccount(work, customers.EU));
  await place('first');
});

describe('invoice numbers', () => {
  test('have no gap and none twice when twenty orders are carried out at once and some fail', async () => {
    const failing = (name: string) =>
      transaction(async (work) => {
        await receiveOrder(work, exampleOrder({ name, soldTo: customers.US }));
        throw new Error('after the number was drawn');
      });
    const results = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, index) => place(`parallel ${index}`)),
      ...Array.from({ length: 5 }, (_, index) => failing(`failing ${index}`)),
      ...Array.from({ length: 5 }, (_, index) => place(`european ${index}`, 'EU')),
    ]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5);
    expect(await numbers('US')).toEqual(sequence('US', 21));
    expect(await numbers('EU')).toEqual(sequence('EU', 5));
  });
});

async function numbers(entity: string): Promise<string[]> {
  const rows = await query<{ number: string }>(
    dataSource.manager,
    sql`SELECT number FROM invoice WHERE legal_entity_code = ${entity} ORDER BY number`,
  );
  return rows.map((row) => row.number);
}

function sequence(entity: string, length: number): string[] {
  return Array.from({ length }, (_, index) => `${entity}-${(index + 1).toString().padStart(8, '0')}`);
}

describe('the database itself', () => {
  test.each([
    'billing_subscription',
    'billing_subscription_version',
    'invoice',
    'invoice_line',
    'payment',
    'order_outcome',
  ])('refuses to change or remove rows of %s', async (table) => {
    const column = table === 'order_outcome' ? 'outcome' : table.endsWith('_version') ? 'cause' : 'currency';
    const changed = ['invoice_line', 'payment'].includes(table) ? 'amount_minor' : column;
    const refusal = /are never changed or removed/;
    await expect(dataSource.query(`UPDATE ${table} SET ${changed} = ${changed}`)).rejects.toThrow(refusal);
    await expect(dataSource.query(`DELETE FROM ${table}`)).rejects.toThrow(refusal);
    await expect(dataSource.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(refusal);
  });

  test('refuses a line that makes an invoice differ from its total', async () => {
    const late = dataSource.query(
      `INSERT INTO invoice_line
       SELECT (json_populate_record(l, '{"position": 99}')).* FROM invoice_line AS l LIMIT 1`,
    );
    await expect(late).rejects.toThrow(/The lines of invoice .* come to 696000 and its total is 348000/);
  });
});

describe('the head of a subscription', () => {
  test('is the newest version, and comes out the same when it is made anew from the history', async () => {
    const order = exampleOrder({ name: 'first', soldTo: customers.US });
    const id = order.actions[0]?.subscriptionId ?? '';
    const [first] = await versions(id);
    if (!first) throw new Error('There is a first version');
    const before = fromVersionRow(first);
    const second = {
      ...before,
      version: 2,
      cause: 'DUNNING' as const,
      agreement: { ...before.agreement, canceledOn: localDate('2027-03-01') },
    };
    await dataSource.manager.insert(subscriptionVersionEntity, toVersionRow(id, second));
    await query(dataSource.manager, headsStatement());
    const heads = await query<SubscriptionVersionRow>(
      dataSource.manager,
      sql`SELECT * FROM billing_subscription_head ORDER BY subscription_id`,
    );
    const head = heads.find((row) => row.subscription_id === id);
    expect(head && fromVersionRow(head)).toEqual(headOf((await versions(id)).map(fromVersionRow)));
    expect(head?.canceled_on).toBe('2027-03-01');

    await query(dataSource.manager, sql`DELETE FROM billing_subscription_head`);
    await query(dataSource.manager, headsStatement());
    expect(
      await query(dataSource.manager, sql`SELECT * FROM billing_subscription_head ORDER BY subscription_id`),
    ).toEqual(heads);
  });
});

function versions(subscriptionId: string): Promise<SubscriptionVersionRow[]> {
  return query(
    dataSource.manager,
    sql`SELECT * FROM billing_subscription_version WHERE subscription_id = ${subscriptionId}`,
  );
}

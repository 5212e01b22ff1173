import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ordersDefinition } from '../definition.js';
import { createOrderStore } from './order-store.js';

const database = await cloneDatabase(ordersDefinition);
const { dataSource } = await openUnitOfWork(ordersDefinition, database.url);

test('the migrations make exactly the tables that the entities describe', async () => {
  expect(await schemaDrift(dataSource)).toEqual([]);
});

test('an order of before order actions is read as what it was, and its subscription keeps its term', async () => {
  const done = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id DESC');
  const later = done.findIndex(({ name }) => name.startsWith('OrderActions'));
  for (let undone = 0; undone <= later; undone += 1) await dataSource.undoLastMigration();
  const [accountId, orderId, actionId, subscriptionId, deploymentId] = Array.from({ length: 5 }, () =>
    randomUUID(),
  );
  const item = {
    productCode: 'PREMIUM',
    productName: 'Premium',
    productKind: 'PLAN',
    quantity: 2,
    unitPrice: '29.00',
    pricePeriod: 'MONTH',
    billingPeriod: 'YEAR',
  };
  const deployment = { id: deploymentId, kind: 'SAAS_NAMESPACE', externalId: 'group', name: 'Group' };
  const details = { deployment, termMonths: 12, autoRenewal: true, items: [item] };
  await dataSource.query(
    `INSERT INTO account VALUES ($1, 'Old GmbH', 'DE', 'Europe/Berlin', 'USD', 'MID_MARKET', 'EU', 30, now(), 1)`,
    [accountId],
  );
  await dataSource.query(
    `INSERT INTO orders VALUES ($1, 'O-00000001', 'FULFILLED', $2, $2, NULL, NULL, 'USD', '2025-02-28', now(), 'x',
       NULL, 69600, NULL, 2)`,
    [orderId, accountId],
  );
  await dataSource.query(
    `INSERT INTO order_action VALUES ($1, $2, 1, 'CREATE_SUBSCRIPTION', $3, $4, false, $5)`,
    [actionId, orderId, subscriptionId, deploymentId, JSON.stringify(details)],
  );
  await dataSource.query(
    `INSERT INTO order_line VALUES ($1, 1, $2, $3, 'PREMIUM', 'Premium', 2, '29.00', 'MONTH', '2025-02-28',
       '2026-02-28', '1', 'ACTUAL_DAYS', 69600)`,
    [orderId, actionId, subscriptionId],
  );
  await dataSource.query(`INSERT INTO known_subscription VALUES ($1, $2, $3, '2027-02-28', false, NULL)`, [
    subscriptionId,
    accountId,
    deploymentId,
  ]);
  await dataSource.query(`INSERT INTO inbox_position VALUES ('subscriptions.billing-subscription', $1, 2)`, [
    subscriptionId,
  ]);

  await dataSource.runMigrations();
  expect(await schemaDrift(dataSource)).toEqual([]);
  const { billingPeriod: _, ...agreed } = item;
  const items = [{ ...agreed, discount: null }];
  const term = { startDate: '2025-02-28', endDate: '2026-02-28', months: 12 };
  expect(await createOrderStore(dataSource.manager).lock(orderId ?? '')).toMatchObject({
    actions: [
      {
        baseVersion: null,
        deployment,
        change: {
          kind: 'CREATE_SUBSCRIPTION',
          agreement: { currency: 'USD', term, items, canceledOn: null },
        },
      },
    ],
    lines: [{ kind: 'CHARGE', tax: { rate: '0', jurisdiction: 'DE', amount: { minor: 0n } } }],
    total: { minor: 69_600n },
  });
  const known = await dataSource.query<object[]>('SELECT * FROM known_subscription');
  expect(known).toMatchObject([
    {
      id: subscriptionId,
      version: 2,
      invoice_owner_account_id: accountId,
      agreement: { term: { ...term, endDate: '2027-02-28' }, renewal: { automatic: false }, items },
    },
  ]);
});

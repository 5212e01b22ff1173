import { localDate } from '@fulfillment/kernel/domain/calendar';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { agreedYear } from '../../fixtures/order-facts.js';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { newNamespace, openAccount, tellSubscription } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';
import { orderLocks } from '../persistence/unit-of-work.js';

const now = new Date('2026-11-23T23:30:00.000Z');
/** It is the next day already in the accounts' billing time zone, Europe/Berlin. */
const today = '2026-11-24';
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { place, placed, preview, tellStep } = orderingOn(orders);

test('50 actions are one order, all or nothing', async () => {
  const buyer = productViewer(await openAccount(orders));
  const actions = Array.from({ length: 50 }, () => create());
  const refused = await place(buyer, { actions: [...actions.slice(0, 49), create({ planCode: 'GOLD' })] });
  expect(refused.userErrors).toMatchObject([
    { code: 'PRODUCT_NOT_FOUND', field: ['actions', '49', 'createSubscription', 'planCode'] },
  ]);
  const { id } = await placed(buyer, { actions });
  expect(await orders.rows('SELECT FROM order_action WHERE order_id = $1', [id])).toHaveLength(50);
});

describe('user errors', () => {
  const plan = ['actions', '0', 'createSubscription'];
  test.each<[string, Record<string, unknown>, string, string[]]>([
    ['another account', { accountId: randomUUID() }, 'ACCOUNT_NOT_FOUND', ['accountId']],
    ['no action', { actions: [] }, 'ACTION_INVALID', ['actions']],
    ['51 actions', { actions: Array.from({ length: 51 }, () => create()) }, 'ACTION_INVALID', ['actions']],
    ['an empty entry', { actions: [{}] }, 'ACTION_INVALID', ['actions', '0']],
    ['another currency', { currency: 'EUR' }, 'CURRENCY_MISMATCH', ['currency']],
    ['yesterday', { effectiveDate: '2026-11-23' }, 'EFFECTIVE_DATE_INVALID', ['effectiveDate']],
    ['beyond a year', { effectiveDate: '2027-11-25' }, 'EFFECTIVE_DATE_INVALID', ['effectiveDate']],
    ['a short key', { idempotencyKey: 'short' }, 'INVALID_VALUE', ['idempotencyKey']],
    ['a key with a line break', { idempotencyKey: 'long enough\n' }, 'INVALID_VALUE', ['idempotencyKey']],
    [
      'a long purchase order number',
      { purchaseOrderNumber: 'x'.repeat(65) },
      'INVALID_VALUE',
      ['purchaseOrderNumber'],
    ],
    ['NUL in a text', { purchaseOrderNumber: 'a\u0000b' }, 'INVALID_VALUE', ['purchaseOrderNumber']],
    [
      'no external id',
      { actions: [create({ externalId: '' })] },
      'INVALID_VALUE',
      [...plan, 'deployment', 'externalId'],
    ],
    [
      'an unknown plan',
      { actions: [create({ planCode: 'GOLD\u0000' })] },
      'PRODUCT_NOT_FOUND',
      [...plan, 'planCode'],
    ],
    [
      'an add-on as a plan',
      { actions: [create({ planCode: 'STORAGE' })] },
      'PRODUCT_NOT_FOUND',
      [...plan, 'planCode'],
    ],
    [
      'the free plan',
      { actions: [create({ planCode: 'FREE' })] },
      'PRODUCT_NOT_FOUND',
      [...plan, 'planCode'],
    ],
    [
      'a quantity of 0',
      { actions: [create({ quantity: 0 })] },
      'QUANTITY_OUT_OF_RANGE',
      [...plan, 'quantity'],
    ],
    [
      'a negative quantity',
      { actions: [create({ quantity: -5 })] },
      'QUANTITY_OUT_OF_RANGE',
      [...plan, 'quantity'],
    ],
    [
      'too large a quantity',
      { actions: [create({ quantity: 1_000_001 })] },
      'QUANTITY_OUT_OF_RANGE',
      [...plan, 'quantity'],
    ],
    [
      'a plan of another kind',
      { actions: [create({ kind: 'DEDICATED_TENANT' })] },
      'DEPLOYMENT_NOT_ELIGIBLE',
      [...plan, 'planCode'],
    ],
    [
      'an add-on twice',
      {
        actions: [
          create({
            addOns: [
              { productCode: 'STORAGE', quantity: 1 },
              { productCode: 'STORAGE', quantity: 1 },
            ],
          }),
        ],
      },
      'INVALID_VALUE',
      [...plan, 'addOns', '1', 'productCode'],
    ],
  ])('%s', async (_, input, code, field) => {
    const accountId = await openAccount(orders);
    const answer = await place(productViewer(accountId), { actions: [create()], ...input });
    expect(answer.order).toBeNull();
    expect(answer.userErrors).toMatchObject([{ code, field }]);
    expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toEqual([]);
    if (field[0] === 'idempotencyKey' || field[0] === 'purchaseOrderNumber') return;
    const previewed = await preview(productViewer(accountId), { actions: [create()], ...input });
    expect(previewed).toMatchObject({ lines: [], total: null, userErrors: [{ code, field }] });
  });

  test('a list price is missing in the account’s currency', async () => {
    const accountId = await openAccount(orders, { currency: 'CHF' });
    const { userErrors } = await place(productViewer(accountId), { actions: [create()] });
    expect(userErrors).toMatchObject([{ code: 'PRICE_NOT_FOUND', field: [...plan, 'planCode'] }]);
  });

  test('all that is wrong is told at once', async () => {
    const accountId = await openAccount(orders);
    const { externalId } = newNamespace();
    const { userErrors } = await place(productViewer(accountId), {
      currency: 'EUR',
      actions: [create({ externalId, quantity: 0 }), create({ externalId, planCode: 'NONE' })],
    });
    expect(userErrors.map(({ code }) => code).toSorted()).toEqual([
      'CURRENCY_MISMATCH',
      'DEPLOYMENT_ALREADY_SUBSCRIBED',
      'PRODUCT_NOT_FOUND',
      'QUANTITY_OUT_OF_RANGE',
    ]);
  });

  test('a deployment of another account is refused without saying whose it is', async () => {
    const [owner, other] = [await openAccount(orders), await openAccount(orders)];
    const deployment = newNamespace();
    await placed(productViewer(owner), { actions: [create(deployment)] });
    const { userErrors } = await place(productViewer(other), { actions: [create(deployment)] });
    expect(userErrors).toMatchObject([{ code: 'DEPLOYMENT_NOT_ELIGIBLE', field: [...plan, 'deployment'] }]);
    expect(JSON.stringify(userErrors)).not.toContain(owner);
  });

  test.each<[string, { endDate: string; autoRenewal?: boolean; canceledOn?: string }, boolean]>([
    ['runs', { endDate: '2027-05-01' }, false],
    ['ends on the day', { endDate: today }, true],
    ['has lapsed', { endDate: '2026-05-01' }, true],
    ['renews by itself', { endDate: '2026-11-20', autoRenewal: true }, false],
    ['was canceled', { endDate: '2027-05-01', autoRenewal: true, canceledOn: '2026-10-01' }, true],
    ['is canceled for later', { endDate: '2027-05-01', canceledOn: '2027-01-01' }, false],
  ])('a deployment whose subscription %s', async (_, term, isFree) => {
    const accountId = await openAccount(orders);
    const deployment = newNamespace();
    const { endDate, autoRenewal = false, canceledOn = null } = term;
    const agreement = agreedYear({
      term: { startDate: localDate('2025-01-01'), endDate: localDate(endDate), months: 12 },
      canceledOn: canceledOn === null ? null : localDate(canceledOn),
    });
    const renewal = { ...agreement.renewal, automatic: autoRenewal };
    await tellSubscription(orders, accountId, { ...agreement, renewal }, { deployment });
    await orders.deliver(
      'licenses.deployment',
      { id: deployment.id, kind: deployment.kind, externalId: deployment.externalId, name: 'A', accountId },
      { aggregateId: deployment.id },
    );
    const { userErrors } = await place(productViewer(accountId), { actions: [create(deployment)] });
    expect(userErrors.map(({ code }) => code)).toEqual(isFree ? [] : ['DEPLOYMENT_ALREADY_SUBSCRIBED']);
  });
});

describe('one after the other and at the same moment', () => {
  test('of two orders for one deployment one gets a user error', async () => {
    const accountId = await openAccount(orders);
    const deployment = newNamespace();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => place(productViewer(accountId), { actions: [create(deployment)] })),
    );
    expect(answers.filter(({ order }) => order !== null)).toHaveLength(1);
    for (const { userErrors } of answers.filter(({ order }) => order === null)) {
      expect(userErrors).toMatchObject([{ code: 'DEPLOYMENT_ALREADY_SUBSCRIBED' }]);
    }
    const id = deploymentId(deployment.kind, deployment.externalId);
    expect(await orders.rows('SELECT FROM order_action WHERE deployment_id = $1', [id])).toHaveLength(1);
  });

  test('the database itself refuses a second open order', async () => {
    const accountId = await openAccount(orders);
    const { id } = await placed(productViewer(accountId), { actions: [create()] });
    const copy = orders.rows(
      `INSERT INTO order_action SELECT gen_random_uuid(), order_id, 2, kind, subscription_id, deployment_id, open, details,
         base_version, holds_version
       FROM order_action WHERE order_id = $1`,
      [id],
    );
    await expect(copy).rejects.toThrow('order_action_open');
  });

  test('the same key and input give the same order, however often and at once', async () => {
    const accountId = await openAccount(orders);
    const input = { idempotencyKey: randomUUID(), actions: [create()] };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => place(productViewer(accountId), input)),
    );
    expect(new Set(answers.map(({ order }) => order?.id)).size).toBe(1);
    expect(answers[0]?.order).not.toBeNull();
    expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toHaveLength(1);
  });

  test('a key with another input is refused; another client’s key is another key', async () => {
    const accountId = await openAccount(orders);
    const idempotencyKey = randomUUID();
    await placed(productViewer(accountId), { idempotencyKey, actions: [create()] });
    const { order, userErrors } = await place(productViewer(accountId), {
      idempotencyKey,
      actions: [create()],
    });
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
    await placed(productViewer(accountId, { subject: 'somebody-else' }), {
      idempotencyKey,
      actions: [create()],
    });
    await placed(internalViewer(), { idempotencyKey, accountId, actions: [create()] });
  });

  test('who waits too long for the first attempt is told to come back', async () => {
    const accountId = await openAccount(orders);
    const deployment = newNamespace();
    const input = { idempotencyKey: randomUUID(), actions: [create(deployment)] };
    const client = new pg.Client({ connectionString: orders.databaseUrl });
    await client.connect();
    try {
      // The first attempt holds its key and waits for the deployment.
      await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [orderLocks, deployment.id]);
      const first = place(productViewer(accountId), input);
      const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      await expect.poll(async () => (await client.query(waiting)).rowCount).toBe(1);
      const { userErrors } = await place(productViewer(accountId), input);
      expect(userErrors).toMatchObject([{ code: 'IDEMPOTENCY_CONFLICT', field: ['idempotencyKey'] }]);
      await client.query('SELECT pg_advisory_unlock_all()');
      const { order } = await first;
      expect(order).not.toBeNull();
      expect((await place(productViewer(accountId), input)).order?.id).toBe(order?.id);
    } finally {
      await client.end();
    }
  });

  test('a refusal is kept with its key too', async () => {
    const accountId = await openAccount(orders);
    const deployment = newNamespace();
    const input = { idempotencyKey: randomUUID(), actions: [create(deployment)] };
    const { id } = await placed(productViewer(accountId), { actions: [create(deployment)] });
    const first = await place(productViewer(accountId), input);
    await tellStep(id, 'SUBSCRIPTION_CREATED', { refusal: 'PRICE_CHANGED: it is another one' });
    expect(await place(productViewer(accountId), input)).toEqual(first);
    await placed(productViewer(accountId), { ...input, idempotencyKey: randomUUID() });
  });
});

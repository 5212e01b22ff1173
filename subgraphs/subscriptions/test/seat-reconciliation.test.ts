import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { runReconciliations } from '../src/service/reconcile-seats.js';
import { advanceOnce, sendTestClock } from '../src/service/test-clock.js';
import { takeWaitingSeatUsage } from '../src/service/take-seat-usage.js';
import { exampleAccount, exampleOrder } from './example-order.js';
import { everybody, hundredSeats, idOf, seatCustomers } from './seat-customers.js';

const database = await cloneDatabase(subscriptionsDefinition);
const time = { now: new Date('2026-01-01T12:00:00Z') };
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => time.now,
});
const { agree, documentsOf, late, ledger, newCustomer, rows, runAt, settledOf, tell, versionsOf } =
  seatCustomers({ time, transaction, dataSource });

describe('quarterly reconciliation', () => {
  test('case A1: bills 750, 0, 250, 0 by versions of its own, and a second run nothing', async () => {
    const order = await newCustomer('quarterly');
    await tell(order, [110]);
    expect(await runAt('2026-03-31T23:59:59Z')).toBe(0);
    expect(await runAt('2026-04-01T00:00:00Z')).toBe(1);
    expect(await runAt('2026-04-01T00:00:00Z')).toBe(0);
    await tell(order, [110, 105]);
    await runAt('2026-07-01T00:00:00Z');
    await tell(order, [110, 105, 120]);
    await runAt('2026-10-01T00:00:00Z');
    await tell(order, [110, 105, 120, 120]);
    await runAt('2027-01-01T00:00:00Z');
    expect(await documentsOf(order)).toEqual([
      { total_minor: '1000000', issued_on: '2026-01-01', lines: 1 },
      { total_minor: '75000', issued_on: '2026-04-01', lines: 2 },
      { total_minor: '25000', issued_on: '2026-10-01', lines: 2 },
      { total_minor: '1200000', issued_on: '2027-01-01', lines: 1 },
    ]);
    expect(await versionsOf(order)).toEqual([
      { cause: 'ORDER', effective_on: '2026-01-01', quantity: 100 },
      { cause: 'RECONCILIATION', effective_on: '2026-04-01', quantity: 110 },
      { cause: 'RECONCILIATION', effective_on: '2026-10-01', quantity: 120 },
      { cause: 'AUTO_RENEWAL', effective_on: '2027-01-01', quantity: 120 },
    ]);
    expect(await settledOf(order)).toEqual([
      { due_on: '2026-04-01', kind: 'QUARTERLY', maximum: 110, agreed: 100, seats: 10, total_minor: '75000' },
      { due_on: '2026-07-01', kind: 'QUARTERLY', maximum: 105, agreed: 110, seats: 0, total_minor: null },
      { due_on: '2026-10-01', kind: 'QUARTERLY', maximum: 120, agreed: 110, seats: 10, total_minor: '25000' },
      { due_on: '2027-01-01', kind: 'QUARTERLY', maximum: 120, agreed: 120, seats: 0, total_minor: null },
    ]);
    expect(await ledger()).toEqual([{ sum: '0' }]);
    // The next term is told of by licenses once it has the new version.
    expect(await rows('SELECT FROM seat_usage WHERE subscription_id = $1', [idOf(order)])).toEqual([]);
  });

  test('after days without the service it bills from the day on which it is done', async () => {
    const order = await newCustomer('late');
    await tell(order, [110]);
    await runAt('2026-05-01T09:00:00Z');
    expect((await documentsOf(order)).slice(1)).toEqual([
      { total_minor: '66666', issued_on: '2026-05-01', lines: 2 },
    ]);
    expect(await runAt('2026-05-02T09:00:00Z')).toBe(0);
  });

  test('seats that were ordered meanwhile are not billed again, and an older snapshot changes nothing', async () => {
    const order = await newCustomer('ordered meanwhile');
    await tell(order, [110]);
    late(2);
    await tell(order, [500]);
    late(-1);
    const [usage] = await rows<{ maximum: number }>(
      'SELECT days->0->2 AS maximum FROM seat_usage WHERE subscription_id = $1',
      [idOf(order)],
    );
    expect(usage?.maximum).toBe(110);
    await transaction(async (work) => {
      const [held] = await work.subscriptions.lock([idOf(order)]);
      if (held === undefined) throw new Error('It was ordered');
      const { agreement } = held.head;
      const items = agreement.items.map((item) => ({ ...item, quantity: 110 }));
      const version = { ...held.head, version: 2, agreement: { ...agreement, items } };
      await work.subscriptions.append([{ id: held.id, versions: [version] }]);
    });
    expect(await runAt('2026-04-01T00:00:00Z')).toBe(1);
    expect(await documentsOf(order)).toHaveLength(1);
  });

  test('counts what was told before the subscription was known, the newest of it, once it is', async () => {
    const order = await newCustomer('told too early');
    await tell(order, [100]);
    const early = exampleOrder({
      name: 'told too early, too',
      soldTo: exampleAccount('told too early', { billingTimeZone: 'UTC' }),
      effectiveDate: '2026-01-01',
      subscriptions: [[hundredSeats]],
      agreement: { billing: { period: 'YEAR', anchor: localDate('2026-01-01'), policy: 'STRICT_30_360' } },
    });
    await tell(early, [110]);
    late(2);
    await tell(early, [500]);
    late(-1);
    const takeWaiting = () => transaction((work) => takeWaitingSeatUsage(work, everybody));
    expect(await takeWaiting()).toBe(0);
    expect(await rows('SELECT FROM seat_usage WHERE subscription_id = $1', [idOf(early)])).toEqual([]);
    await transaction((work) => receiveOrder(work, early));
    expect([await takeWaiting(), await takeWaiting()]).toEqual([1, 0]);
    await runAt('2026-04-01T00:00:00Z');
    expect(await settledOf(early)).toEqual([
      { due_on: '2026-04-01', kind: 'QUARTERLY', maximum: 110, agreed: 100, seats: 10, total_minor: '75000' },
    ]);
  });

  test('is begun anew for a term of which licenses tells', async () => {
    const order = await newCustomer('next term');
    await tell(order, [100]);
    await runAt('2026-10-01T00:00:00Z');
    await runAt('2027-01-01T00:00:00Z');
    await tell(order, [130], '2027-01-01');
    await runAt('2027-04-01T00:00:00Z');
    expect((await versionsOf(order)).at(-1)).toEqual({
      cause: 'RECONCILIATION',
      effective_on: '2027-04-01',
      quantity: 130,
    });
  });
});

describe('the true-up', () => {
  test('case A1, A4: bills the overage for the whole term once, beside the renewal for as many seats as agreed', async () => {
    const order = await newCustomer('true-up', 'TRUE_UP', {
      agreement: {
        billing: { period: 'YEAR', anchor: localDate('2026-01-01'), policy: 'STRICT_30_360' },
        renewal: {
          automatic: true,
          termMonths: 12,
          upliftPercent: '0',
          planned: [{ kind: 'QUANTITY', productCode: 'PREMIUM', quantity: 80 }],
        },
      },
    });
    await tell(order, [110, 105, 120, 120]);
    await runAt('2026-10-01T00:00:00Z');
    expect(await documentsOf(order)).toHaveLength(1);
    await runAt('2027-01-01T00:00:00Z');
    // The renewed term is known by time.now, and the old one is told of once more, late.
    await tell(order, [110, 105, 120, 150]);
    await runAt('2027-01-02T00:00:00Z');
    expect((await documentsOf(order)).slice(1)).toEqual([
      { total_minor: '800000', issued_on: '2027-01-01', lines: 1 },
      { total_minor: '200000', issued_on: '2027-01-01', lines: 1 },
    ]);
    expect((await versionsOf(order)).map(({ cause, quantity }) => [cause, quantity])).toEqual([
      ['ORDER', 100],
      ['AUTO_RENEWAL', 80],
    ]);
    expect(await settledOf(order)).toMatchObject([{ kind: 'TRUE_UP', agreed: 100, seats: 20 }]);
    expect(await ledger()).toEqual([{ sum: '0' }]);
  });

  test('is what a deal over several years has by itself, at its end', async () => {
    const order = await newCustomer('three years', null, { termMonths: 36 });
    await tell(order, [110]);
    await runAt('2026-04-01T00:00:00Z');
    expect(await documentsOf(order)).toHaveLength(1);
  });
});

test('where it is off, nothing is billed, ever', async () => {
  const order = await newCustomer('off', 'OFF');
  await tell(order, [900, 900, 900, 900]);
  await runAt('2027-01-01T00:00:00Z');
  expect((await documentsOf(order)).map(({ total_minor }) => total_minor)).toEqual(['1000000', '1000000']);
  expect(await settledOf(order)).toMatchObject(
    ['2026-04-01', '2026-07-01', '2026-10-01', '2027-01-01'].map((due_on) => {
      return { due_on, kind: 'OFF', maximum: 900, agreed: 100, seats: 0, total_minor: null };
    }),
  );
  // What was used then is not billed when it is turned on later.
  await agree(order.accountId, 'QUARTERLY', '2027-01-01');
  time.now = new Date('2027-02-01T00:00:00Z');
  await tell(order, [100], '2027-01-01');
  await runAt('2027-04-01T00:00:00Z');
  expect(await documentsOf(order)).toHaveLength(2);
});

test('two processes at once bill once', async () => {
  const order = await newCustomer('twice');
  await tell(order, [110]);
  time.now = new Date('2026-04-01T00:00:00Z');
  const settled = await Promise.all(
    [1, 2, 3].map(() => transaction((work) => runReconciliations(work, everybody, time.now))),
  );
  expect(settled.toSorted((left, right) => left - right)).toEqual([0, 0, 1]);
  expect(await documentsOf(order)).toHaveLength(2);
});

test('a test clock comes to the days of reconciliation in their order', async () => {
  time.now = new Date('2026-01-01T12:00:00Z');
  const soldTo = exampleAccount('Seats in the sandbox', {
    sandbox: true,
    legalEntityCode: 'SANDBOX',
    billingTimeZone: 'Pacific/Auckland',
    paymentTermsDays: 180,
  });
  await transaction((work) => receiveAccount(work, soldTo));
  const order = exampleOrder({
    name: 'sandbox seats',
    soldTo,
    effectiveDate: '2026-01-02',
    placedAt: time.now.toISOString(),
    subscriptions: [[hundredSeats]],
    agreement: {
      billing: { period: 'MONTH', anchor: localDate('2026-01-02'), policy: 'STRICT_30_360' },
    },
  });
  await transaction((work) => receiveOrder(work, order));
  await tell(order, [103], '2026-01-02');
  // Everybody else's clock does not move it.
  while (
    (await transaction((work) => runReconciliations(work, everybody, new Date('2027-01-01T00:00:00Z')))) > 0
  );
  expect(await versionsOf(order)).toHaveLength(1);
  await transaction((work) => sendTestClock(work, soldTo.id, new Date('2026-04-20T12:00:00Z')));
  while (await transaction((work) => advanceOnce(work, soldTo.id)));
  const versions = await versionsOf(order);
  expect(versions.filter(({ cause }) => cause === 'RECONCILIATION')).toEqual([
    { cause: 'RECONCILIATION', effective_on: '2026-04-02', quantity: 103 },
  ]);
  const [settled] = await rows<{ recorded_at: Date }>(
    'SELECT recorded_at FROM seat_reconciliation WHERE subscription_id = $1 AND seats > 0',
    [idOf(order)],
  );
  expect(settled?.recorded_at).toEqual(new Date(`${addDays(localDate('2026-04-01'), 1)}T00:00:00Z`));
});

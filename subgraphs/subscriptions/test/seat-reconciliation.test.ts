import { addDays, addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import type { ReconciliationMode } from '../src/domain/reconciliation/mode.js';
import { unreported } from '../src/domain/reconciliation/seat-usage.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { runReconciliations } from '../src/service/reconcile-seats.js';
import { runDueOrder, runDueSubscriptions } from '../src/service/run-due.js';
import { takeSeatUsage } from '../src/service/take-seat-usage.js';
import { advanceOnce, sendTestClock } from '../src/service/test-clock.js';
import { exampleAccount, type ExampleOrder, exampleOrder, premium } from './example-order.js';

const database = await cloneDatabase(subscriptionsDefinition);
let now = new Date('2026-01-01T12:00:00Z');
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});

const everybody = { kind: 'EVERYBODY', limit: 10 } as const;

const rows = <Row>(statement: string, parameters: unknown[] = []) =>
  dataSource.query<Row[]>(statement, parameters);

/** What the service does by itself at an instant, as its periodic work does it; gives how many terms were settled. */
async function runAt(instant: string): Promise<number> {
  now = new Date(instant);
  let settled = 0;
  while (await transaction((work) => runDueOrder(work, everybody, now)));
  while ((await transaction((work) => runDueSubscriptions(work, everybody, now))) > 0);
  for (;;) {
    const count = await transaction((work) => runReconciliations(work, everybody, now));
    if (count === 0) return settled;
    settled += count;
  }
}

const hundredSeats = { ...premium, quantity: 100, unitPrice: '100.00', pricePeriod: 'YEAR' } as const;

/** 100 seats at 100.00 for the year 2026, under STRICT_30_360. */
async function newCustomer(
  name: string,
  mode: ReconciliationMode | null = null,
  example: Partial<ExampleOrder> = {},
): Promise<OrderPayload> {
  now = new Date('2026-01-01T12:00:00Z');
  const soldTo = exampleAccount(name, { billingTimeZone: 'UTC' });
  await transaction((work) => receiveAccount(work, soldTo));
  if (mode !== null) {
    const terms = { mode, setBy: 'internal:sales', setAt: now };
    await transaction((work) => work.reconciliations.setTerms(soldTo.id, terms));
  }
  const order = exampleOrder({
    name,
    soldTo,
    effectiveDate: '2026-01-01',
    subscriptions: [[hundredSeats]],
    agreement: {
      billing: { period: 'YEAR', anchor: localDate('2026-01-01'), policy: 'STRICT_30_360' },
    },
    ...example,
  });
  await transaction((work) => receiveOrder(work, order));
  return order;
}

const idOf = ({ actions }: OrderPayload) => actions[0]?.subscriptionId ?? '';

let sequence = 0;

/** As licenses tells it: the highest use of each quarter of a term. */
async function tell(order: OrderPayload, maxima: readonly number[], start = '2026-01-01'): Promise<void> {
  const term = { start: localDate(start), end: addMonths(localDate(start), 12) };
  const { quarters } = unreported(idOf(order), term);
  sequence += 1;
  const payload = {
    deploymentId: order.actions[0]?.deployment?.id ?? '',
    accountId: order.accountId,
    subscriptionId: idOf(order),
    term: { startDate: term.start, endDate: term.end },
    used: maxima.at(-1) ?? 0,
    reportedAt: now.toISOString(),
    maximum: Math.max(...maxima),
    quarters: quarters.map(({ start: startDate, end: endDate }, index) => {
      return { startDate, endDate, maximum: maxima[index] ?? 0 };
    }),
  };
  await transaction((work) => takeSeatUsage(work, payload, sequence));
}

const documentsOf = (order: OrderPayload) =>
  rows<{ total_minor: string; issued_on: string; lines: number }>(
    `SELECT i.total_minor, i.issued_on::text, count(*)::int AS lines FROM invoice AS i
     JOIN invoice_line AS l ON l.invoice_id = i.id
     WHERE l.subscription_id = $1 GROUP BY i.id ORDER BY i.sequence_number`,
    [idOf(order)],
  );

const versionsOf = (order: OrderPayload) =>
  rows<{ cause: string; effective_on: string; quantity: number }>(
    `SELECT cause, effective_on::text, quantity FROM billing_subscription_version
     WHERE subscription_id = $1 ORDER BY version`,
    [idOf(order)],
  );

const settledOf = (order: OrderPayload) =>
  rows<object>(
    `SELECT r.due_on::text, r.kind, r.maximum, r.agreed, r.seats, i.total_minor FROM seat_reconciliation AS r
     LEFT JOIN invoice AS i ON i.id = r.document_id WHERE r.subscription_id = $1 ORDER BY r.due_on`,
    [idOf(order)],
  );

/** What the ledger's postings come to, all in US dollars. */
const ledger = () => rows<{ sum: string }>('SELECT sum(amount_minor)::text AS sum FROM ledger_posting');

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
      { due_on: '2026-10-01', kind: 'QUARTERLY', maximum: 120, agreed: 110, seats: 10, total_minor: '25000' },
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
    sequence -= 2;
    await tell(order, [500]);
    sequence += 1;
    const [usage] = await rows<{ maximum: number }>(
      'SELECT maximum FROM seat_usage WHERE subscription_id = $1',
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
    // The renewed term is known by now, and the old one is told of once more, late.
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
  expect(await settledOf(order)).toEqual([]);
});

test('two processes at once bill once', async () => {
  const order = await newCustomer('twice');
  await tell(order, [110]);
  now = new Date('2026-04-01T00:00:00Z');
  const settled = await Promise.all(
    [1, 2, 3].map(() => transaction((work) => runReconciliations(work, everybody, now))),
  );
  expect(settled.toSorted((left, right) => left - right)).toEqual([0, 0, 1]);
  expect(await documentsOf(order)).toHaveLength(2);
});

test('a test clock comes to the days of reconciliation in their order', async () => {
  now = new Date('2026-01-01T12:00:00Z');
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
    placedAt: now.toISOString(),
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

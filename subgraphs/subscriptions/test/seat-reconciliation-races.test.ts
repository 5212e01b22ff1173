import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import { addDays, compareDates, localDate } from '@fulfillment/kernel/domain/calendar';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import type { UnitOfWork } from '../src/service/ports.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { runReconciliations } from '../src/service/reconcile-seats.js';
import { advanceOnce, sendTestClock } from '../src/service/test-clock.js';
import { exampleAccount, exampleChangeOrder } from './example-order.js';
import { everybody, hundredSeats, idOf, seatCustomers } from './seat-customers.js';

const database = await cloneDatabase(subscriptionsDefinition);
const time = { now: new Date('2026-01-01T12:00:00Z') };
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => time.now,
});
const { agree, documentsOf, ledger, newCustomer, rows, runAt, settledOf, tell, versionsOf } = seatCustomers({
  time,
  transaction,
  dataSource,
});

const totalsOf = async (order: OrderPayload) =>
  (await documentsOf(order)).map(({ total_minor }) => Number(total_minor));

/** An order that changes the subscription of another one, priced as that stands now. */
async function changeOf(
  order: OrderPayload,
  change: AgreementAction,
  { effectiveDate, placedAt }: { readonly effectiveDate: string; readonly placedAt?: string },
): Promise<OrderPayload> {
  const head = await transaction(async (work) => (await work.subscriptions.lock([idOf(order)]))[0]?.head);
  if (head === undefined) throw new Error('It was ordered');
  const soldTo = exampleAccount(order.number.slice(2), { billingTimeZone: 'UTC' });
  const name = `${order.number} ${change.kind} ${effectiveDate}`;
  const at = placedAt === undefined ? {} : { placedAt };
  return exampleChangeOrder({ name, soldTo, effectiveDate, ...at }, [
    { subscriptionId: idOf(order), baseVersion: head.version, before: head.agreement, change },
  ]);
}

const reasonOf = async (order: OrderPayload) => {
  const [row] = await rows<{ reason: string | null }>(
    'SELECT reason FROM order_outcome WHERE order_id = $1',
    [order.id],
  );
  return row?.reason ?? null;
};

/** A unit of work that dies at one of its calls. */
function dyingAt(work: UnitOfWork, call: number): UnitOfWork {
  let calls = 0;
  const port = (target: object) =>
    new Proxy(target, {
      get(of, name): unknown {
        const value: unknown = Reflect.get(of, name);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]): unknown => {
          calls += 1;
          if (calls === call) return Promise.reject(new Error('Killed'));
          return Reflect.apply(value, of, given);
        };
      },
    });
  return new Proxy(work, {
    get(of, name): unknown {
      const value: unknown = Reflect.get(of, name);
      return typeof value === 'object' && value !== null ? port(value) : value;
    },
  });
}

describe('bills once', () => {
  test('when a run is killed before any of its steps', async () => {
    const order = await newCustomer('killed');
    await tell(order, [110]);
    time.now = new Date('2026-04-01T00:00:00Z');
    const standing = async () => [await documentsOf(order), await versionsOf(order), await settledOf(order)];
    const before = await standing();
    let call = 1;
    for (; ; call += 1) {
      const died = await transaction((work) =>
        runReconciliations(dyingAt(work, call), everybody, time.now),
      ).then(
        () => false,
        () => true,
      );
      if (!died) break;
      expect(await standing()).toEqual(before);
    }
    expect(call).toBeGreaterThan(15);
    expect(await totalsOf(order)).toEqual([1_000_000, 75_000]);
    expect(await runAt('2026-04-01T00:00:00Z')).toBe(0);
    expect(await ledger()).toEqual([{ sum: '0' }]);
  });

  test('when several processes run at once over many terms', async () => {
    const orders: OrderPayload[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) orders.push(await newCustomer(`at once ${name}`));
    for (const order of orders) await tell(order, [110]);
    time.now = new Date('2026-04-01T00:00:00Z');
    const process = async () => {
      while (
        (await transaction((work) => runReconciliations(work, { kind: 'EVERYBODY', limit: 2 }, time.now))) > 0
      );
    };
    await Promise.all([process(), process(), process()]);
    for (const order of orders) expect(await totalsOf(order)).toEqual([1_000_000, 75_000]);
  });

  test('when an order for the same seats comes at the same moment: one of the two has them', async () => {
    const order = await newCustomer('racing');
    await tell(order, [110]);
    time.now = new Date('2026-04-01T00:00:00Z');
    const more = await changeOf(
      order,
      { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 110, when: 'NOW' },
      { effectiveDate: '2026-04-01', placedAt: '2026-04-01T00:00:00Z' },
    );
    await Promise.all([
      transaction((work) => receiveOrder(work, more)),
      transaction((work) => runReconciliations(work, everybody, time.now)),
    ]);
    await runAt('2026-04-01T00:01:00Z');
    expect(await totalsOf(order)).toEqual([1_000_000, 75_000]);
    const last = (await versionsOf(order)).at(-1);
    expect(last?.quantity).toBe(110);
    expect(await reasonOf(more)).toEqual(
      last?.cause === 'ORDER' ? null : expect.stringContaining('SUBSCRIPTION_CHANGED'),
    );
  });
});

describe('a true-up', () => {
  test('waits for the end of a term that an order made longer, though licenses have not told so', async () => {
    const order = await newCustomer('extended', 'TRUE_UP');
    await tell(order, [110]);
    time.now = new Date('2026-12-20T12:00:00Z');
    const longer = await changeOf(
      order,
      {
        kind: 'CHANGE_TERMS',
        termMonths: 24,
        autoRenewal: null,
        billingPeriod: null,
        upliftPercent: null,
        decreaseAtOnce: null,
      },
      { effectiveDate: '2026-12-20' },
    );
    await transaction((work) => receiveOrder(work, longer));
    await runAt('2027-01-01T00:00:00Z');
    expect(await settledOf(order)).toEqual([]);
    // Told again, and late by a term: it changes nothing.
    await tell(order, [110]);
    await runAt('2027-07-01T00:00:00Z');
    await runAt('2028-01-01T00:00:00Z');
    expect(await settledOf(order)).toMatchObject([
      { due_on: '2028-01-01', kind: 'TRUE_UP', seats: 10, total_minor: '200000' },
    ]);
  });

  test('refuses an order that would change days for which seats were charged', async () => {
    const order = await newCustomer('dated back', 'TRUE_UP', {
      agreement: {
        billing: { period: 'YEAR', anchor: localDate('2026-01-01'), policy: 'STRICT_30_360' },
        renewal: { automatic: false, termMonths: 12, upliftPercent: '0', planned: [] },
      },
    });
    await tell(order, [110]);
    await runAt('2027-01-01T00:00:00Z');
    expect(await settledOf(order)).toMatchObject([{ kind: 'TRUE_UP', seats: 10 }]);
    time.now = new Date('2027-01-03T12:00:00Z');
    const backdated = await changeOf(
      order,
      { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 130, when: 'NOW' },
      { effectiveDate: '2026-12-01', placedAt: '2027-01-03T12:00:00Z' },
    );
    await transaction((work) => receiveOrder(work, backdated));
    expect(await reasonOf(backdated)).toContain('up to 2027-01-01 are charged');
    expect(await totalsOf(order)).toEqual([1_000_000, 100_000]);
  });

  test('of a subscription that goes to another account is paid by each for its own days', async () => {
    const order = await newCustomer('given away', 'TRUE_UP');
    const receiver = exampleAccount('receiver of seats', { billingTimeZone: 'UTC' });
    await transaction((work) => receiveAccount(work, receiver));
    await agree(receiver.id, 'TRUE_UP');
    await tell(order, [120]);
    time.now = new Date('2026-07-01T12:00:00Z');
    const given = await changeOf(
      order,
      { kind: 'TRANSFER_OWNER', accountId: receiver.id },
      { effectiveDate: '2026-07-01', placedAt: '2026-07-01T12:00:00Z' },
    );
    await transaction((work) => receiveOrder(work, given));
    // Licenses has moved the deployment, and tells of all days of the term again.
    await tell(order, [120, 100, 105], '2026-01-01', { accountId: receiver.id });
    await runAt('2026-07-01T12:00:01Z');
    await runAt('2027-01-01T00:00:00Z');
    const billed = await rows<object>(
      `SELECT r.due_on::text, r.seats, i.total_minor, a.name FROM seat_reconciliation AS r
       JOIN invoice AS i ON i.id = r.document_id JOIN account AS a ON a.id = i.invoice_owner_account_id
       WHERE r.subscription_id = $1 ORDER BY r.due_on`,
      [idOf(order)],
    );
    expect(billed).toEqual([
      { due_on: '2026-07-01', seats: 20, total_minor: '100000', name: 'given away' },
      { due_on: '2027-01-01', seats: 5, total_minor: '25000', name: 'receiver of seats' },
    ]);
  });
});

test.each([
  ['JPY', '10000', 1_000_000, 75_000, 50_000],
  ['KWD', '33.333', 3_333_300, 249_998, 166_665],
])('in %s: to the minor unit', async (currency, unitPrice, year, threeQuarters, half) => {
  const items = [[{ ...hundredSeats, unitPrice }]];
  const account = { currency };
  const quarterly = await newCustomer(`quarterly in ${currency}`, null, { account, subscriptions: items });
  await tell(quarterly, [110, 115]);
  const trueUp = await newCustomer(`true-up in ${currency}`, 'TRUE_UP', { account, subscriptions: items });
  await tell(trueUp, [110]);
  await runAt('2026-04-01T00:00:00Z');
  expect(await totalsOf(quarterly)).toEqual([year, threeQuarters]);
  await runAt('2026-07-01T00:00:00Z');
  expect((await totalsOf(quarterly)).at(-1)).toBe(Math.round(half / 2));
  await runAt('2027-01-01T00:00:00Z');
  // Ten seats for the year: a tenth of a hundred.
  expect((await settledOf(trueUp)).at(-1)).toMatchObject({ seats: 10, total_minor: String(year / 10) });
  expect(
    await rows(
      `SELECT e.currency FROM ledger_posting AS p JOIN ledger_entry AS e ON e.id = p.entry_id
       GROUP BY e.currency HAVING sum(p.amount_minor) <> 0`,
    ),
  ).toEqual([]);
});

test(
  'a test clock that goes a year at once bills as one that goes it day by day',
  { timeout: 400_000 },
  async () => {
    const sandbox = (name: string) =>
      newCustomer(name, 'QUARTERLY', {
        account: {
          sandbox: true,
          legalEntityCode: 'SANDBOX',
          billingTimeZone: 'America/Los_Angeles',
          paymentTermsDays: 900,
        },
        effectiveDate: '2026-01-02',
        placedAt: '2026-01-01T12:00:00Z',
        agreement: { billing: { period: 'QUARTER', anchor: localDate('2026-01-02'), policy: 'ACTUAL_DAYS' } },
      });
    const go = async (order: OrderPayload, to: string) => {
      await transaction((work) => sendTestClock(work, order.accountId, new Date(to)));
      while (await transaction((work) => advanceOnce(work, order.accountId)));
    };
    const [atOnce, daily] = [await sandbox('a year at once'), await sandbox('a year day by day')];
    for (const order of [atOnce, daily]) {
      await go(order, '2026-01-03T12:00:00Z');
      await agree(order.accountId, 'TRUE_UP', '2026-08-01');
      await tell(order, [103, 101, 109, 106], '2026-01-02');
    }
    await go(atOnce, '2027-01-05T12:00:00Z');
    for (
      let day = localDate('2026-01-04');
      compareDates(day, localDate('2027-01-05')) <= 0;
      day = addDays(day, 1)
    ) {
      await go(daily, `${day}T12:00:00Z`);
    }
    expect(await versionsOf(daily)).toEqual(await versionsOf(atOnce));
    expect(await settledOf(daily)).toEqual(await settledOf(atOnce));
    expect(await documentsOf(daily)).toEqual(await documentsOf(atOnce));
    expect(await settledOf(atOnce)).toMatchObject([
      { due_on: '2026-04-02', kind: 'QUARTERLY', seats: 3 },
      { due_on: '2026-07-02', kind: 'QUARTERLY', seats: 0 },
      { due_on: '2027-01-02', kind: 'TRUE_UP', seats: 6 },
    ]);
  },
);

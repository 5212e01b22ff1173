import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { runDueOrder, runDueSubscriptions } from '../src/service/run-due.js';
import { takePayment } from '../src/service/take-payment.js';
import { holdInvoice } from '../src/service/hold-invoice.js';
import { advanceOnce, sendTestClock } from '../src/service/test-clock.js';
import type { UnitOfWork } from '../src/service/ports.js';
import {
  exampleAccount,
  exampleAgreement,
  exampleChangeOrder,
  exampleOrder,
  premium,
} from './example-order.js';

const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url);

const everybody = { kind: 'EVERYBODY', limit: 10 } as const;

const rows = <Row>(statement: string, parameters: unknown[] = []) =>
  dataSource.query<Row[]>(statement, parameters);

const invoicesOf = (order: OrderPayload) =>
  rows<{ total_minor: string; service_start: string }>(
    `SELECT i.total_minor, min(l.service_start)::text AS service_start FROM invoice AS i
     JOIN invoice_line AS l ON l.invoice_id = i.id
     WHERE l.subscription_id = $1 GROUP BY i.id ORDER BY 2, i.number`,
    [order.actions[0]?.subscriptionId],
  );

const versionsOf = (order: OrderPayload) =>
  rows<{ version: number; cause: string; effective_on: string }>(
    `SELECT version, cause, effective_on::text FROM billing_subscription_version
     WHERE subscription_id = $1 ORDER BY version`,
    [order.actions[0]?.subscriptionId],
  );

/** Everything that is due at an instant, as the service does it. */
async function runAll(now: Date): Promise<number> {
  let count = 0;
  while (await transaction((work) => runDueOrder(work, everybody, now)));
  for (;;) {
    const done = await transaction((work) => runDueSubscriptions(work, everybody, now));
    if (done === 0) return count;
    count += done;
  }
}

async function place(order: OrderPayload): Promise<OrderPayload> {
  await transaction((work: UnitOfWork) => receiveOrder(work, order));
  return order;
}

describe('what falls due by the system’s clock', () => {
  const customer = exampleAccount('Monthly', { billingTimeZone: 'America/Los_Angeles' });

  test('is billed on the first day of each period, at the account’s midnight, once', async () => {
    await transaction((work) => receiveAccount(work, customer));
    const order = await place(
      exampleOrder({
        name: 'monthly',
        soldTo: customer,
        effectiveDate: '2026-01-31',
        agreement: {
          billing: { period: 'MONTH', anchor: localDate('2026-01-31'), policy: 'ACTUAL_DAYS' },
        },
      }),
    );
    expect(await runAll(new Date('2026-02-28T07:59:59Z'))).toBe(0);
    expect(await runAll(new Date('2026-02-28T08:00:00Z'))).toBe(1);
    expect(await runAll(new Date('2026-02-28T08:00:00Z'))).toBe(0);
    // Two months without the service: both are billed, each by itself.
    await runAll(new Date('2026-04-30T07:00:00Z'));
    expect(await invoicesOf(order)).toEqual([
      { total_minor: '29000', service_start: '2026-01-31' },
      { total_minor: '29000', service_start: '2026-02-28' },
      { total_minor: '29000', service_start: '2026-03-31' },
      { total_minor: '29000', service_start: '2026-04-30' },
    ]);
  });

  test('renews with the uplift, and the order for that day goes before it', async () => {
    const uplift = { automatic: true, termMonths: 12, upliftPercent: '10', planned: [] };
    const example = { soldTo: customer, effectiveDate: '2025-05-01' };
    const byItself = await place(
      exampleOrder({ ...example, name: 'by itself', agreement: { renewal: uplift } }),
    );
    const ordered = await place(
      exampleOrder({ ...example, name: 'ordered', agreement: { renewal: uplift } }),
    );
    await place(
      exampleChangeOrder(
        {
          name: 'renewal for two years',
          soldTo: customer,
          effectiveDate: '2026-05-01',
          placedAt: '2026-03-01T00:00:00.000Z',
        },
        [
          {
            subscriptionId: ordered.actions[0]?.subscriptionId ?? '',
            baseVersion: 1,
            before: exampleAgreement({ ...example, name: 'ordered', agreement: { renewal: uplift } }, [
              premium,
            ]),
            change: { kind: 'RENEW', termMonths: 24, quantities: [] },
          },
        ],
      ),
    );
    await runAll(new Date('2026-05-01T07:00:00Z'));
    expect(await versionsOf(byItself)).toEqual([
      { version: 1, cause: 'ORDER', effective_on: '2025-05-01' },
      { version: 2, cause: 'AUTO_RENEWAL', effective_on: '2026-05-01' },
    ]);
    expect((await invoicesOf(byItself)).map(({ total_minor }) => total_minor)).toEqual(['348000', '382800']);
    expect(await versionsOf(ordered)).toEqual([
      { version: 1, cause: 'ORDER', effective_on: '2025-05-01' },
      { version: 2, cause: 'ORDER', effective_on: '2026-05-01' },
    ]);
    const [head] = await rows<{ term_end: string }>(
      'SELECT term_end::text FROM billing_subscription_head WHERE subscription_id = $1',
      [ordered.actions[0]?.subscriptionId],
    );
    expect(head?.term_end).toBe('2028-05-01');
  });
});

describe('a test clock', () => {
  const sandbox = exampleAccount('Sandbox', {
    sandbox: true,
    legalEntityCode: 'SANDBOX',
    countryCode: 'NL',
    billingTimeZone: 'Europe/Berlin',
    paymentTermsDays: 14,
  });
  const clockOf = () => transaction((work) => work.testClocks.find(sandbox.id));
  const advanceTo = async (to: string) => {
    await transaction((work) => sendTestClock(work, sandbox.id, new Date(to)));
    while (await transaction((work) => advanceOnce(work, sandbox.id)));
  };

  test('makes a year happen in order: bills, dunning, suspension, payment and resumption', async () => {
    await transaction((work) => receiveAccount(work, sandbox));
    const start = (await clockOf())?.now ?? new Date(0);
    const today = start.toISOString().slice(0, 10);
    const order = await place(
      exampleOrder({
        name: 'sandbox',
        soldTo: sandbox,
        effectiveDate: today,
        placedAt: start.toISOString(),
        taxRate: '21',
        agreement: { billing: { period: 'QUARTER', anchor: localDate(today), policy: 'ACTUAL_DAYS' } },
      }),
    );
    const day = (days: number) => new Date(start.getTime() + days * 86_400_000).toISOString();
    await advanceTo(day(45));
    const steps = await rows<{ step: string }>('SELECT step FROM dunning_step ORDER BY taken_on, step');
    expect(steps.map(({ step }) => step)).toEqual([
      'FIRST_REMINDER',
      'SECOND_REMINDER',
      'LAST_REMINDER',
      'SUSPENSION',
    ]);
    expect((await versionsOf(order)).map(({ cause }) => cause)).toEqual(['ORDER', 'DUNNING']);
    const [invoice] = await rows<{ id: string }>('SELECT id FROM invoice WHERE order_id = $1', [order.id]);
    await transaction(async (work) => {
      const held = await holdInvoice(work, invoice?.id ?? '');
      if (!held.ok) throw new Error('The invoice is there');
      const receipt = {
        id: derivedId('test-payment', 'late'),
        amount: held.value.invoice.total,
        receivedAt: new Date(day(45)),
        reference: 'late',
        origin: 'RECORDED' as const,
      };
      const taken = await takePayment(work, held.value, receipt, 'FIRST_OPEN_DAY');
      expect(taken.ok).toBe(true);
    });
    await advanceTo(day(47));
    expect((await versionsOf(order)).map(({ cause }) => cause)).toEqual(['ORDER', 'DUNNING', 'DUNNING']);
    await advanceTo(day(200));
    const billed = await invoicesOf(order);
    expect(billed.length).toBeGreaterThanOrEqual(3);
    const [balance] = await rows<{ unbalanced: string }>(
      `SELECT count(*) AS unbalanced FROM (
         SELECT entry_id FROM ledger_posting GROUP BY entry_id HAVING sum(amount_minor) <> 0) AS entry`,
    );
    expect(balance?.unbalanced).toBe('0');
  });

  test('does not go back, and stands still once it is there', async () => {
    const before = await clockOf();
    expect(await transaction((work) => sendTestClock(work, sandbox.id, new Date(0)))).toBe('INSTANT_INVALID');
    expect(await transaction((work) => advanceOnce(work, sandbox.id))).toBe(false);
    expect(await clockOf()).toEqual(before);
  });
});

import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import type { RunTransaction } from '@fulfillment/kernel/server/service-definition';
import { collectInvoice } from '../src/service/collect-invoice.js';
import type { UnitOfWork } from '../src/service/ports.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { refundPayment } from '../src/service/refund-payment.js';
import { setInvoiceReviewPeriod } from '../src/service/review-invoices.js';
import { createSimulatedPayments, simulatedTokens } from '../src/service/simulated-payments.js';
import { sendTestClock } from '../src/service/test-clock.js';
import { exampleAccount, exampleOrder } from './example-order.js';
import { hundredSeats, idOf, seatCustomers } from './seat-customers.js';

/** Something that is due for a customer: which it is, by its id, and whether it was done. */
export interface Due {
  readonly id: string;
  readonly isDone: () => Promise<boolean>;
}

interface Setting {
  readonly time: { now: Date };
  readonly transaction: RunTransaction<UnitOfWork>;
  readonly dataSource: { query<Rows>(statement: string, parameters?: unknown[]): Promise<Rows> };
}

const payments = createSimulatedPayments();

/** Billed by the month, from the last day of January on. */
export const monthly = {
  billing: { period: 'MONTH', anchor: localDate('2026-01-31'), policy: 'ACTUAL_DAYS' },
} as const;

/** Customers who have bought something, and what they have of it. */
function buyers({ time, transaction, dataSource }: Setting) {
  const count = async (statement: string, id: string): Promise<number> => {
    const [row] = await dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM ${statement}`,
      [id],
    );
    return row?.count ?? 0;
  };

  async function bought(
    name: string,
    { account: changes = {}, yearly = false }: { account?: Partial<AccountPayload>; yearly?: boolean } = {},
  ) {
    time.now = new Date('2026-01-31T12:00:00Z');
    const soldTo = exampleAccount(name, changes);
    const order = exampleOrder({
      name,
      soldTo,
      effectiveDate: '2026-01-31',
      ...(yearly ? {} : { agreement: monthly }),
    });
    await transaction((unit) => receiveAccount(unit, soldTo));
    await transaction((unit) => receiveOrder(unit, order));
    return { account: soldTo, order, subscriptionId: idOf(order), invoiceId: await invoiceOf(order) };
  }

  async function invoiceOf({ id }: OrderPayload): Promise<string> {
    const [row] = await dataSource.query<{ id: string }[]>('SELECT id FROM invoice WHERE order_id = $1', [
      id,
    ]);
    return row?.id ?? '';
  }

  async function collected(invoiceId: string, token: string): Promise<string> {
    const request = { invoiceId, paymentMethodToken: token };
    const started = await collectInvoice(transaction, payments, request, 'once');
    if (!started.ok) throw new Error(started.error.message);
    return started.value;
  }

  return { bought, collected, count };
}

/** What falls due for a customer, whom a name makes. */
export function dueCustomers(setting: Setting) {
  const { bought } = buyers(setting);
  return { bought, due: { ...dueOfContracts(setting), ...dueOfMoney(setting) } };
}

/** What contracts, orders and clocks bring. */
function dueOfContracts(setting: Setting) {
  const { time, transaction, dataSource } = setting;
  const { bought, count } = buyers(setting);
  return {
    subscription: async (name: string): Promise<Due> => {
      const { subscriptionId: id } = await bought(name);
      return { id, isDone: async () => (await count('invoice_line WHERE subscription_id = $1', id)) === 2 };
    },

    order: async (name: string): Promise<Due> => {
      time.now = new Date('2026-01-31T12:00:00Z');
      const soldTo = exampleAccount(name);
      const order = exampleOrder({ name, soldTo, effectiveDate: '2026-03-10' });
      await transaction((unit) => receiveAccount(unit, soldTo));
      await transaction((unit) => receiveOrder(unit, order));
      return {
        id: order.id,
        isDone: async () => (await count(`order_outcome WHERE order_id = $1`, order.id)) === 1,
      };
    },

    /** The draft of the second month. @param runDue does what is due at the present instant */
    draft: async (name: string, runDue: () => Promise<unknown>): Promise<Due> => {
      const { account, subscriptionId } = await bought(name);
      await transaction((unit) =>
        setInvoiceReviewPeriod(unit, { accountId: account.id, days: 3 }, 'internal:ann'),
      );
      time.now = new Date('2026-03-01T12:00:00Z');
      await runDue();
      const [row] = await dataSource.query<{ id: string }[]>(
        'SELECT id FROM invoice_draft WHERE subscription_id = $1',
        [subscriptionId],
      );
      const id = row?.id ?? '';
      return { id, isDone: async () => (await count('invoice WHERE id = $1', id)) === 1 };
    },

    seats: async (name: string): Promise<Due> => {
      const customers = seatCustomers({ time, transaction, dataSource });
      const order = await customers.newCustomer(name, null, { subscriptions: [[hundredSeats]] });
      await customers.tell(order, [110]);
      const id = idOf(order);
      const settled = 'seat_reconciliation WHERE subscription_id = $1';
      return { id, isDone: async () => (await count(settled, id)) === 1 };
    },

    /** The use of seats, told before the order was known. */
    seatsToldEarly: async (name: string): Promise<Due> => {
      time.now = new Date('2026-01-01T12:00:00Z');
      const soldTo = exampleAccount(name, { billingTimeZone: 'UTC' });
      const order = exampleOrder({
        name,
        soldTo,
        effectiveDate: '2026-01-01',
        subscriptions: [[hundredSeats]],
      });
      await transaction((unit) => receiveAccount(unit, soldTo));
      await seatCustomers({ time, transaction, dataSource }).tell(order, [110]);
      await transaction((unit) => receiveOrder(unit, order));
      const id = idOf(order);
      const known = 'seat_usage WHERE subscription_id = $1';
      return { id, isDone: async () => (await count(known, id)) === 1 };
    },

    /** A step a day, while the first invoice is open. */
    testClock: async (name: string, days = 10): Promise<Due> => {
      const { account } = await bought(name, { account: { sandbox: true } });
      const target = new Date(time.now.getTime() + days * 86_400_000);
      await transaction((unit) => sendTestClock(unit, account.id, target));
      const settled = 'test_clock_target WHERE account_id = $1 AND settled';
      return { id: account.id, isDone: async () => (await count(settled, account.id)) === 1 };
    },
  };
}

/** What is done about money that is owed, earned or under way. */
function dueOfMoney(setting: Setting) {
  const { transaction, dataSource } = setting;
  const { bought, collected, count } = buyers(setting);
  return {
    dunning: async (name: string): Promise<Due> => {
      const { account, invoiceId } = await bought(name, { yearly: true });
      const steps = 'dunning_step WHERE invoice_id = $1';
      return { id: account.id, isDone: async () => (await count(steps, invoiceId)) > 0 };
    },

    suspension: async (name: string): Promise<Due> => {
      const { account, invoiceId, subscriptionId } = await bought(name, { yearly: true });
      await dataSource.query(
        `INSERT INTO dunning_step (invoice_id, step, taken_on, taken_at) VALUES ($1, 'SUSPENSION', '2026-02-01', now())`,
        [invoiceId],
      );
      const suspended = `billing_subscription_head WHERE subscription_id = $1 AND agreement->>'suspendedOn' IS NOT NULL`;
      return { id: account.id, isDone: async () => (await count(suspended, subscriptionId)) === 1 };
    },

    revenue: async (name: string): Promise<Due> => {
      const code = `LE ${name}`;
      await bought(name, { yearly: true, account: { legalEntityCode: code } });
      return {
        id: code,
        isDone: async () => (await count('recognized_day WHERE books_code = $1', code)) > 0,
      };
    },

    payment: async (name: string): Promise<Due> => {
      const { invoiceId } = await bought(name, { yearly: true });
      const id = await collected(invoiceId, simulatedTokens.timesOutThenSucceeds);
      return {
        id,
        isDone: async () => (await count('payment_attempt_outcome WHERE attempt_id = $1', id)) === 1,
      };
    },

    refund: async (name: string): Promise<Due> => {
      const { invoiceId } = await bought(name, { yearly: true });
      await collected(invoiceId, simulatedTokens.refundTimesOutThenSucceeds);
      const [payment] = await dataSource.query<{ id: string }[]>(
        'SELECT id FROM payment WHERE invoice_id = $1',
        [invoiceId],
      );
      const request = { paymentId: payment?.id ?? '', amount: { amount: '10.00', currency: 'USD' } };
      const started = await refundPayment(transaction, payments, request, 'once');
      if (!started.ok) throw new Error(started.error.message);
      const id = started.value;
      return {
        id,
        isDone: async () => (await count('refund_attempt_outcome WHERE attempt_id = $1', id)) === 1,
      };
    },
  };
}

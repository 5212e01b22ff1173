import { addMonths, daysBetween, localDate } from '@fulfillment/kernel/domain/calendar';
import { partsByAnchor } from '@fulfillment/kernel/domain/period';
import type { SeatUsagePayload } from '@fulfillment/schema/events/licenses';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import type { RunTransaction } from '@fulfillment/kernel/server/service-definition';
import type { ReconciliationMode } from '../src/domain/reconciliation/mode.js';
import type { UnitOfWork } from '../src/service/ports.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { runReconciliations } from '../src/service/reconcile-seats.js';
import { runDueOrder, runDueSubscriptions } from '../src/service/run-due.js';
import { takeSeatUsages } from '../src/service/take-seat-usage.js';
import { exampleAccount, type ExampleOrder, exampleOrder, premium } from './example-order.js';

export const everybody = { kind: 'EVERYBODY', limit: 10 } as const;

export const hundredSeats = {
  ...premium,
  quantity: 100,
  unitPrice: '100.00',
  pricePeriod: 'YEAR',
} as const;

/** The subscription that an order creates. */
export const idOf = ({ actions }: OrderPayload) => actions[0]?.subscriptionId ?? '';

/** How a customer differs from the usual one. */
interface NewCustomer extends Partial<ExampleOrder> {
  readonly account?: Partial<AccountPayload>;
}

/** The service's own work on a test database, without a process. */
interface Setting {
  /** What the clock says. */
  readonly time: { now: Date };
  readonly transaction: RunTransaction<UnitOfWork>;
  readonly dataSource: { query<Rows>(statement: string, parameters: unknown[]): Promise<Rows> };
}

/** Customers who use seats: what they order, what is told of them, what the service then does by itself, and what became of it. */
export function seatCustomers({ time, transaction, dataSource }: Setting) {
  const rows = <Row>(statement: string, parameters: unknown[] = []) =>
    dataSource.query<Row[]>(statement, parameters);
  let sequence = 0;

  /** What is agreed with an account from a day on. */
  function agree(accountId: string, mode: ReconciliationMode | null, from = '2026-01-01'): Promise<void> {
    const terms = { accountId, mode, from: localDate(from), setBy: 'internal:sales', setAt: time.now };
    return transaction((work) => work.reconciliations.setTerms(terms));
  }

  return {
    rows,
    agree,

    /** What the service does by itself at an instant, as its periodic work does it; gives how many days of terms were dealt with. */
    runAt: async (instant: string): Promise<number> => {
      time.now = new Date(instant);
      let settled = 0;
      while (await transaction((work) => runDueOrder(work, everybody, time.now)));
      while ((await transaction((work) => runDueSubscriptions(work, everybody, time.now))) > 0);
      for (;;) {
        const count = await transaction((work) => runReconciliations(work, everybody, time.now));
        if (count === 0) return settled;
        settled += count;
      }
    },

    /** 100 seats at 100.00 for the year 2026, under STRICT_30_360. */
    newCustomer: async (
      name: string,
      mode: ReconciliationMode | null = null,
      { account, ...example }: NewCustomer = {},
    ): Promise<OrderPayload> => {
      time.now = new Date('2026-01-01T12:00:00Z');
      const soldTo = exampleAccount(name, { billingTimeZone: 'UTC', ...account });
      await transaction((work) => receiveAccount(work, soldTo));
      if (mode !== null) await agree(soldTo.id, mode);
      const order = exampleOrder({
        name,
        soldTo,
        effectiveDate: '2026-01-01',
        subscriptions: [[hundredSeats]],
        agreement: { billing: { period: 'YEAR', anchor: localDate('2026-01-01'), policy: 'STRICT_30_360' } },
        ...example,
      });
      await transaction((work) => receiveOrder(work, order));
      return order;
    },

    /** As licenses tells it: the highest use of each quarter of a term, which was on its tenth day. */
    tell: async (
      order: OrderPayload,
      maxima: readonly number[],
      start = '2026-01-01',
      more: Partial<SeatUsagePayload> = {},
    ): Promise<void> => {
      const term = { start: localDate(start), end: addMonths(localDate(start), 12) };
      const quarters = partsByAnchor(term, term.start, { months: 3 });
      const payload = {
        deploymentId: order.actions[0]?.deployment?.id ?? '',
        accountId: order.accountId,
        subscriptionId: idOf(order),
        term: { startDate: term.start, endDate: term.end },
        used: maxima.at(-1) ?? 0,
        reportedAt: time.now.toISOString(),
        maximum: Math.max(...maxima),
        quarters: quarters.map(({ start: startDate, end: endDate }, index) => {
          return { startDate, endDate, maximum: maxima[index] ?? 0 };
        }),
        days: quarters.map((quarter, index): [number, number, number] => {
          return [daysBetween(term.start, quarter.start) + 9, 1, maxima[index] ?? 0];
        }),
        ...more,
      };
      sequence += 1;
      await transaction((work) => takeSeatUsages(work, [{ payload, sequence }]));
    },

    /** Tells what was told before so many others, as a late delivery brings it. */
    late: (count: number): void => {
      sequence -= count;
    },

    documentsOf: (order: OrderPayload) =>
      rows<{ total_minor: string; issued_on: string; lines: number }>(
        `SELECT i.total_minor, i.issued_on::text, count(*)::int AS lines FROM invoice AS i
         JOIN invoice_line AS l ON l.invoice_id = i.id
         WHERE l.subscription_id = $1 GROUP BY i.id ORDER BY i.sequence_number`,
        [idOf(order)],
      ),

    versionsOf: (order: OrderPayload) =>
      rows<{ cause: string; effective_on: string; quantity: number }>(
        `SELECT cause, effective_on::text, quantity FROM billing_subscription_version
         WHERE subscription_id = $1 ORDER BY version`,
        [idOf(order)],
      ),

    settledOf: (order: OrderPayload) =>
      rows<object>(
        `SELECT r.due_on::text, r.kind, r.maximum, r.agreed, r.seats, i.total_minor FROM seat_reconciliation AS r
         LEFT JOIN invoice AS i ON i.id = r.document_id WHERE r.subscription_id = $1 ORDER BY r.due_on`,
        [idOf(order)],
      ),

    /** What the ledger's postings come to. */
    ledger: () => rows<{ sum: string }>('SELECT sum(amount_minor)::text AS sum FROM ledger_posting'),
  };
}

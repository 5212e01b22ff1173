import { endOf, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { containsDate } from '@fulfillment/kernel/domain/period';
import { add, type Money, subtract, sum } from '@fulfillment/kernel/domain/money';
import { taxed } from '../domain/billed-line.js';
import {
  reconciliationFacts,
  type ReconciliationMode,
  reconciliationModeOf,
} from '../domain/reconciliation/mode.js';
import { reconcile } from '../domain/reconciliation/reconcile.js';
import {
  nextReconciliationDay,
  type SeatUsage,
  unreported,
  withMoreUsers,
} from '../domain/reconciliation/seat-usage.js';
import type { BillingSubscription, SubscriptionVersion } from '../domain/subscription.js';
import { taxRateFor } from './contracts.js';
import type { UnitOfWork } from './ports.js';

/** What is billed for seats, before tax and with it. */
export interface SeatPrice {
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
}

/** What more users would cost. */
export interface SeatChangePreview {
  readonly mode: ReconciliationMode;
  readonly seats: number;
  readonly users: number;
  /** Those that are over already included. */
  readonly seatsBilled: number;
  /** Null when no seat would be billed. */
  readonly billedOn: LocalDate | null;
  readonly price: SeatPrice;
  /** The part of the total that is for the additional users. */
  readonly additional: Money;
  readonly reportedAt: Date | null;
}

/**
 * What more users would cost of a subscription whose term lasts at `at`: what reconciliation would bill with them and without, by
 * the function that makes the bill.
 */
export async function previewSeatChange(
  work: UnitOfWork,
  subscription: BillingSubscription,
  addUsers: number,
  at: Date,
): Promise<SeatChangePreview> {
  const { id, head } = subscription;
  const { agreement } = head;
  const kept = await work.reconciliations.find(id, agreement.term.startDate);
  const usage = kept ?? unreported(id, { start: agreement.term.startDate, end: endOf(agreement) });
  const day = countedDay(at, head, usage);
  const grown = withMoreUsers(usage, addUsers, day);
  const mode = await modeOf(work, subscription);
  const due = mode === 'TRUE_UP' ? usage.term.end : (nextReconciliationDay(usage, day) ?? usage.term.end);
  const history = (await work.reconciliations.histories([id])).get(id) ?? [head];
  const judge = (one: SeatUsage) => reconcile({ mode, usage: one, history, due, on: due });
  const outcome = judge(grown);
  const price = await priceOf(work, subscription, judge(grown), due);
  const without = await priceOf(work, subscription, judge(usage), due);
  const seatsBilled = outcome?.seats ?? 0;
  return {
    mode,
    seats: planOf(agreement.items).quantity,
    users: grown.used,
    seatsBilled,
    billedOn: seatsBilled === 0 ? null : due,
    price,
    additional: subtract(price.total, without.total),
    reportedAt: usage.reportedAt,
  };
}

/** Users are counted by days of UTC; on the first hours of a term that may still be the day before. */
function countedDay(at: Date, head: SubscriptionVersion, { term }: SeatUsage): LocalDate {
  const day = localDateAt(at, 'UTC');
  return containsDate(term, day) ? day : localDateAt(at, head.billingTimeZone);
}

async function modeOf(
  { reconciliations }: UnitOfWork,
  { head, deployment }: BillingSubscription,
): Promise<ReconciliationMode> {
  const terms = await reconciliations.terms([head.accountId]);
  const facts = reconciliationFacts(head.agreement, deployment.kind, head.partnerOfRecordId);
  return reconciliationModeOf(facts, terms.get(head.accountId)?.mode ?? null);
}

async function priceOf(
  work: UnitOfWork,
  { id, head, currency }: BillingSubscription,
  outcome: ReturnType<typeof reconcile>,
  on: LocalDate,
): Promise<SeatPrice> {
  const lines = outcome?.lines ?? [];
  const invoiceOwner = (await work.accounts.find([head.invoiceOwnerAccountId])).get(
    head.invoiceOwnerAccountId,
  );
  if (lines.length === 0 || invoiceOwner === undefined) {
    const nothing = sum([], currency);
    return { net: nothing, tax: nothing, total: nothing };
  }
  const rate = await taxRateFor(work, { subscriptionId: id, invoiceOwner, on });
  const billed = lines.map((line) => taxed(id, line, rate));
  const net = sum(
    billed.map(({ amount }) => amount),
    currency,
  );
  const tax = sum(
    billed.map((line) => line.tax.amount),
    currency,
  );
  return { net, tax, total: add(net, tax) };
}

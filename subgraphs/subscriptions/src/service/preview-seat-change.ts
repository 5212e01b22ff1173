import { planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { add, type Money, subtract, sum } from '@fulfillment/kernel/domain/money';
import { taxed } from '../domain/billed-line.js';
import { foreseeSeats } from '../domain/reconciliation/foresee.js';
import type { ReconciliationMode } from '../domain/reconciliation/mode.js';
import type { Reconciliation } from '../domain/reconciliation/reconcile.js';
import type { BillingSubscription } from '../domain/subscription.js';
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
  const { id, head, deployment } = subscription;
  const { reconciliations } = work;
  const startDate = head.agreement.term.startDate;
  const kept = await reconciliations.find(id, startDate);
  const foreseen = foreseeSeats({
    subscriptionId: id,
    history: (await reconciliations.histories([id])).get(id) ?? [head],
    deploymentKind: deployment.kind,
    agreedModes: await reconciliations.agreedModes([head.accountId]),
    settled:
      (await reconciliations.settled([id])).get(id)?.filter((one) => one.termStart === startDate) ?? [],
    kept,
    addUsers,
    utcDay: localDateAt(at, 'UTC'),
    localDay: localDateAt(at, head.billingTimeZone),
  });
  const { mode, agreement, users, due, outcome, without } = foreseen;
  const price = await priceOf(work, subscription, outcome, due);
  const before = await priceOf(work, subscription, without, due);
  const seatsBilled = outcome?.seats ?? 0;
  return {
    mode,
    seats: planOf(agreement.items).quantity,
    users,
    seatsBilled,
    billedOn: seatsBilled === 0 ? null : due,
    price,
    additional: subtract(price.total, before.total),
    reportedAt: kept?.reportedAt ?? null,
  };
}

async function priceOf(
  work: UnitOfWork,
  { id, head, currency }: BillingSubscription,
  outcome: Reconciliation | null,
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

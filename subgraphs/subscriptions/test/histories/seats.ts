import { addDays, compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { JudgedBy, SettledDay } from '../../src/domain/reconciliation/judged-days.js';
import { type Reconciliation, reconcile } from '../../src/domain/reconciliation/reconcile.js';
import {
  outstandingDays,
  type ReconciliationDay,
  reconciliationDays,
  termOf,
} from '../../src/domain/reconciliation/reconciliation-day.js';
import { type SeatUsage, unreported } from '../../src/domain/reconciliation/seat-usage.js';
import { nextVersion, type SubscriptionVersion } from '../../src/domain/subscription.js';
import { subscriptionId } from './preview.js';

/** So many billable users there were on a day, as it was told then or later. */
export interface SeatReport {
  readonly day: LocalDate;
  readonly users: number;
}

/** What a day of reconciliation came to. */
export interface Settlement {
  readonly usage: SeatUsage;
  /** The term as it was agreed by then. */
  readonly term: LocalPeriod;
  readonly day: ReconciliationDay;
  readonly on: LocalDate;
  /** What it was judged by. */
  readonly by: JudgedBy;
  readonly outcome: Reconciliation | null;
  /** What another run at the same moment comes to. */
  readonly again: Reconciliation | null;
}

/** What was previewed for a day to come. */
export interface SeatPreview {
  readonly usage: SeatUsage;
  readonly due: LocalDate;
  readonly by: JudgedBy;
  readonly outcome: Reconciliation | null;
}

/** The use of a term, as licenses would tell it by these reports. */
export function usageOf(term: LocalPeriod, reports: readonly SeatReport[]): SeatUsage {
  const within = reports.filter(({ day }) => day >= term.start && day < term.end);
  const days = within.map(({ day, users }) => ({ start: day, end: addDays(day, 1), users }));
  return { ...unreported(subscriptionId, term), used: reports.at(-1)?.users ?? 0, days };
}

/** The first days of the terms of a history, but of trials. */
export function termsOf(versions: readonly SubscriptionVersion[]): LocalDate[] {
  const starts = new Set(versions.map(({ agreement }) => agreement.term.startDate));
  return [...starts].filter((start) => termOf(versions, start) !== null);
}

/** The days of a term that have come and were not settled before. */
export function daysToSettle(
  versions: readonly SubscriptionVersion[],
  start: LocalDate,
  { dealtWith, today }: { readonly dealtWith: readonly LocalDate[]; readonly today: LocalDate },
): ReconciliationDay[] {
  const from = dealtWith.toSorted(compareDates).at(-1) ?? start;
  const done = dealtWith.map((dueOn) => ({ dueOn }));
  const outstanding = outstandingDays(reconciliationDays(versions, start), from, done);
  return outstanding.filter(({ on }) => compareDates(on, today) <= 0);
}

/** What a settlement leaves behind; null where there was nothing to judge. */
export function settledDay({ day, on, outcome }: Settlement): SettledDay | null {
  return outcome && { dueOn: day.on, settledOn: on, agreed: outcome.agreed, seats: outcome.seats };
}

export interface Settling {
  readonly by: JudgedBy;
  readonly usage: SeatUsage;
  readonly term: LocalPeriod;
  readonly day: ReconciliationDay;
  readonly on: LocalDate;
  readonly at: Date;
}

/** Settles a day as the service does; the second value is the version that holds from then on, if there is a new one. */
export function settle(
  head: SubscriptionVersion,
  { by, usage, term, day, on, at }: Settling,
): { readonly settlement: Settlement; readonly version: SubscriptionVersion | null } {
  const outcome = reconcile({ ...by, usage, due: day.on, on });
  const origin = {
    cause: 'RECONCILIATION' as const,
    orderId: null,
    recordedBy: 'system',
    recordedAt: at,
    effectiveOn: on,
  };
  const after = outcome?.after ?? null;
  const version = after === null ? null : nextVersion(head, origin, after);
  const settlement = { usage, term, day, on, by, outcome };
  const done = settledDay({ ...settlement, again: null });
  const history = version === null ? by.history : [...by.history, version];
  const settled = done === null ? by.settled : [...by.settled, done];
  const again = reconcile({ ...by, history, settled, usage, due: day.on, on });
  return { settlement: { ...settlement, again }, version };
}

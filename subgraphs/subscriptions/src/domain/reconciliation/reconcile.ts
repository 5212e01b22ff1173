import { type Agreement, endOf, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { type AgreementLine, changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { withSeats, wholeTermLines } from '@fulfillment/kernel/domain/agreement/seats';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { headOf, type SubscriptionVersion, versionAsOf } from '../subscription.js';
import type { ReconciliationMode } from './mode.js';
import type { QuarterMaximum, SeatUsage } from './seat-usage.js';

/** What a day of reconciliation is judged by. */
export interface ReconciliationCase {
  readonly mode: ReconciliationMode;
  readonly usage: SeatUsage;
  /** Every version of the subscription, in any order. */
  readonly history: readonly SubscriptionVersion[];
  /** One of `reconciliationDays(usage)`. */
  readonly due: LocalDate;
  /** The day on which it is done: `due`, or a later one when nobody could before. */
  readonly on: LocalDate;
}

/** What a day of reconciliation comes to. Nothing is billed when `seats` is 0. */
export interface Reconciliation {
  readonly kind: 'QUARTERLY' | 'TRUE_UP';
  /** The highest use that was judged. */
  readonly maximum: number;
  /** The seats that were agreed until then. */
  readonly agreed: number;
  /** Seats that were used beyond those agreed, and are billed. */
  readonly seats: number;
  readonly lines: readonly AgreementLine[];
  /** What holds from then on; null when the agreement stays as it is. */
  readonly after: Agreement | null;
  /** The version under which it is billed. */
  readonly version: SubscriptionVersion;
}

/**
 * What one day of reconciliation comes to; null where there is nothing to judge. The same function answers a preview and makes the
 * bill. Once its outcome is part of the history, it comes to nothing.
 */
export function reconcile(given: ReconciliationCase): Reconciliation | null {
  const isTermEnd = compareDates(given.due, given.usage.term.end) >= 0;
  switch (given.mode) {
    case 'QUARTERLY':
      return isTermEnd ? null : quarterly(given);
    case 'TRUE_UP':
      return isTermEnd ? trueUp(given) : null;
    case 'OFF':
      return null;
  }
}

/** The overage is bought for the rest of the term. Nothing is for a term that is over, a trial, or while it is suspended. */
function quarterly({ usage, history, due, on }: ReconciliationCase): Reconciliation | null {
  const head = headOf(history);
  const { agreement } = head;
  const isHeld = agreement.term.startDate === usage.term.start && compareDates(on, endOf(agreement)) < 0;
  if (!isHeld || agreement.trial || agreement.suspendedOn !== null) return null;
  const agreed = planOf(agreement.items).quantity;
  const quarters = coveredQuarters(usage, history, due);
  const over = quarters.filter((quarter) => quarter.maximum > quarter.covered);
  const seats = Math.max(0, highest(over) - agreed);
  const maximum = highest(seats === 0 ? quarters.slice(-1) : over);
  const after = seats === 0 ? null : withSeats(agreement, agreed + seats);
  const lines = after === null ? [] : changeLines({ before: agreement, after, on, today: on });
  return { kind: 'QUARTERLY', maximum, agreed, seats, lines, after, version: head };
}

/** A quarter, and the most seats that were agreed in it or in settlement of it. */
interface CoveredQuarter extends QuarterMaximum {
  readonly covered: number;
}

/**
 * The quarters until a day, each with what covers its use: who gave seats back when people left was never over, what is reported late
 * counts on the next day of reconciliation, and what was settled does not count again when there are fewer seats later.
 */
function coveredQuarters(
  { quarters }: SeatUsage,
  history: readonly SubscriptionVersion[],
  due: LocalDate,
): CoveredQuarter[] {
  const over = quarters.filter(({ end }) => compareDates(end, due) <= 0);
  return over.map((quarter) => {
    const days = coveringDays(quarter, over, history, due);
    return { ...quarter, covered: Math.max(...days.map((day) => seatsOn(history, day))) };
  });
}

/** The days by whose seats a quarter is judged: its own, later ones of reconciliation, and those on which one was made up for. */
function coveringDays(
  { start, end }: QuarterMaximum,
  quarters: readonly QuarterMaximum[],
  history: readonly SubscriptionVersion[],
  due: LocalDate,
): LocalDate[] {
  const isCovering = ({ cause, effectiveOn: day }: SubscriptionVersion) =>
    compareDates(day, start) > 0 &&
    compareDates(day, due) < 0 &&
    (compareDates(day, end) <= 0 || cause === 'RECONCILIATION');
  const ends = quarters.map((quarter) => quarter.end);
  const later = ends.filter((day) => compareDates(day, end) >= 0 && compareDates(day, due) < 0);
  return [start, ...later, ...history.filter(isCovering).map(({ effectiveOn }) => effectiveOn)];
}

function highest(quarters: readonly QuarterMaximum[]): number {
  return Math.max(0, ...quarters.map(({ maximum }) => maximum));
}

function seatsOn(history: readonly SubscriptionVersion[], day: LocalDate): number {
  const version = versionAsOf(history, day, null);
  return version === null ? 0 : planOf(version.agreement.items).quantity;
}

/** The overage of the whole term is charged for the whole term, whether it is renewed, and for how many seats, or ends. */
function trueUp({ usage, history, due }: ReconciliationCase): Reconciliation | null {
  const ofTerm = history.filter(({ agreement }) => agreement.term.startDate === usage.term.start);
  if (ofTerm.length === 0) return null;
  const version = headOf(ofTerm);
  const agreed = planOf(version.agreement.items).quantity;
  const over = coveredQuarters(usage, ofTerm, due).map(
    ({ maximum, covered }) => maximum - Math.max(covered, agreed),
  );
  const seats = version.agreement.trial ? 0 : Math.max(0, ...over);
  const lines = wholeTermLines(version.agreement, seats);
  return { kind: 'TRUE_UP', maximum: usage.maximum, agreed, seats, lines, after: null, version };
}

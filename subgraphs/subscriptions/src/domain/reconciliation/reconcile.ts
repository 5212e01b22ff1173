import { type Agreement, endOf, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { type AgreementLine, changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { withSeats } from '@fulfillment/kernel/domain/agreement/seats';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { headOf, type SubscriptionVersion } from '../subscription.js';
import { type JudgedBy, type JudgedDays, judgedDays } from './judged-days.js';
import type { ReconciliationMode } from './mode.js';
import { type ReconciliationDay, reconciliationDays } from './reconciliation-day.js';
import { highestUse, type SeatUsage } from './seat-usage.js';
import { trueUpLines } from './true-up-lines.js';

/** What a day of reconciliation is judged by. */
export interface ReconciliationCase extends JudgedBy {
  readonly usage: SeatUsage;
  /** One of the `reconciliationDays` of the term. */
  readonly due: LocalDate;
  /** The day on which it is done: `due`, or a later one when nobody could before. */
  readonly on: LocalDate;
}

/** What a day of reconciliation comes to. Nothing is billed when `seats` is 0. */
export interface Reconciliation {
  /** How it was settled: as it was agreed for the last day before. */
  readonly kind: ReconciliationMode;
  /** The highest use that was judged: of the days that were furthest over, else of those since the last such day. */
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
 * What one day of reconciliation comes to; null where there is nothing to judge on it, or it was settled. The same function answers a
 * preview and makes the bill.
 *
 * A day is over by what was used on it beyond the seats that were agreed for it. So who has bought seats since, or has given
 * seats back when people left, is not billed for them: cases A1, A2 and A4, in which the seats stay the same, come out as published.
 */
export function reconcile(given: ReconciliationCase): Reconciliation | null {
  const { usage, history, settled, due } = given;
  const days = reconciliationDays(history, usage.term.start);
  const index = days.findIndex(({ on }) => on === due);
  const day = days[index];
  if (day === undefined || settled.some(({ dueOn }) => dueOn === due)) return null;
  const judged = judgedDays(given, { start: usage.term.start, end: due });
  const last = judged.at(-1);
  if (last === undefined) return null;
  const since = days[index - 1]?.on ?? usage.term.start;
  const settling = { given, day, judged, last, since };
  switch (last.mode) {
    case 'QUARTERLY':
      return day.isEnd ? unbilled(settling) : quarterly(settling);
    case 'TRUE_UP':
      return day.isEnd ? trueUp(settling) : null;
    case 'OFF':
      return unbilled(settling);
  }
}

interface Settling {
  readonly given: ReconciliationCase;
  readonly day: ReconciliationDay;
  readonly judged: readonly JudgedDays[];
  readonly last: JudgedDays;
  /** The day of reconciliation before. */
  readonly since: LocalDate;
}

/** The overage is bought for the rest of the term. Nothing is for a term that is over, or while it is suspended. */
function quarterly(settling: Settling): Reconciliation | null {
  const { usage, history, on } = settling.given;
  const head = headOf(history);
  const { agreement } = head;
  const isHeld = agreement.term.startDate === usage.term.start && compareDates(on, endOf(agreement)) < 0;
  if (!isHeld || agreement.suspendedOn !== null) return null;
  const agreed = seatsOf(head);
  const { seats, maximum } = overage(settling, agreed);
  const after = seats === 0 ? null : withSeats(agreement, agreed + seats);
  const lines = after === null ? [] : changeLines({ before: agreement, after, on, today: on });
  return { kind: 'QUARTERLY', maximum, agreed, seats, lines, after, version: head };
}

/** The overage is charged for all the days that are judged, whether the term is renewed, and for how many seats, or ends. */
function trueUp(settling: Settling): Reconciliation {
  const { given, judged, last, day } = settling;
  const agreed = seatsOf(last.version);
  const { seats, maximum } = overage(settling, agreed);
  const period = { start: judged[0]?.start ?? last.start, end: day.on };
  const lines = seats === 0 ? [] : trueUpLines(given.history, period, { seats, agreed });
  return { kind: 'TRUE_UP', maximum, agreed, seats, lines, after: null, version: last.version };
}

/** What is over is written down, and costs nothing. */
function unbilled({ given, day, last, since }: Settling): Reconciliation {
  const maximum = highestUse(given.usage, { start: since, end: day.on });
  const { version, mode: kind } = last;
  return { kind, maximum, agreed: seatsOf(version), seats: 0, lines: [], after: null, version };
}

/** The most seats that any day was over, of those that are not agreed now. */
function overage({ given, judged, day, since }: Settling, agreed: number) {
  const over = judged.map((days) => {
    const users = highestUse(given.usage, days);
    return { users, seats: users - Math.max(days.covered, agreed) };
  });
  const seats = Math.max(0, ...over.map((one) => one.seats));
  const furthest = over.filter((one) => one.seats === seats).map(({ users }) => users);
  const period: LocalPeriod = { start: since, end: day.on };
  return { seats, maximum: seats > 0 ? Math.max(...furthest) : highestUse(given.usage, period) };
}

function seatsOf({ agreement }: SubscriptionVersion): number {
  return planOf(agreement.items).quantity;
}

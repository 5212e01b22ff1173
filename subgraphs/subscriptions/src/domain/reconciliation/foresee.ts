import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { endOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { continued } from '@fulfillment/kernel/domain/agreement/due';
import { compareDates, type LocalDate, startOfDay } from '@fulfillment/kernel/domain/calendar';
import { headOf, nextVersion, type SubscriptionVersion } from '../subscription.js';
import type { JudgedBy, SettledDay } from './judged-days.js';
import { modeOn, type ReconciliationMode } from './mode.js';
import { type Reconciliation, reconcile } from './reconcile.js';
import { outstandingDays, type ReconciliationDay, reconciliationDays } from './reconciliation-day.js';
import { type SeatUsage, unreported, withMoreUsers } from './seat-usage.js';

/** What is asked: what more users would cost from today on. */
export interface SeatQuestion extends JudgedBy {
  readonly subscriptionId: string;
  /** What was told of the present term, and from which day on it is not settled; null when nothing was. */
  readonly kept: (SeatUsage & { readonly reconcileOn: LocalDate }) | null;
  readonly addUsers: number;
  /** The day by which seats are counted. */
  readonly utcDay: LocalDate;
  /** The account's own day, by which it is billed. */
  readonly localDay: LocalDate;
}

/** What the next day of reconciliation that counts them would come to, with the users and without. */
export interface ForeseenSeats {
  readonly mode: ReconciliationMode;
  /** As it stands then. */
  readonly agreement: Agreement;
  readonly users: number;
  readonly due: LocalDate;
  readonly outcome: Reconciliation | null;
  readonly without: Reconciliation | null;
}

/**
 * What more users would cost, by the function that makes the bill. Seats are counted by the days of UTC, and the account lives by its
 * own. Between the two midnights the users already count for the next quarter, or for the next term: so that the answer is
 * what will be billed, what falls due until then is done first, a renewal among it.
 */
export function foreseeSeats(question: SeatQuestion): ForeseenSeats {
  const { kept, subscriptionId, addUsers, utcDay, localDay } = question;
  const head = headOf(question.history);
  const renewed = compareDates(utcDay, endOf(head.agreement)) >= 0 ? renewedBy(head) : null;
  const base = renewed ?? head;
  const { startDate, endDate } = base.agreement.term;
  const day = compareDates(utcDay, startDate) < 0 ? startDate : utcDay;
  const told = kept ?? unreported(subscriptionId, { start: startDate, end: endDate });
  const usage: SeatUsage =
    renewed === null ? told : { ...told, term: { start: startDate, end: endDate }, days: [] };
  const standing = settledThrough(
    renewed === null ? question : { ...question, history: [...question.history, renewed], settled: [] },
    { usage, from: kept?.reconcileOn ?? localDay, through: day, localDay },
  );
  const held = headOf(standing.history);
  const mode = modeOn(day, held, question);
  const days = reconciliationDays(standing.history, startDate).filter(({ on }) => compareDates(on, day) > 0);
  const due = billingDay(days, mode) ?? endOf(held.agreement);
  const grown = withMoreUsers(usage, addUsers, day);
  const judge = (one: SeatUsage) => reconcile({ ...standing, usage: one, due, on: due });
  return {
    mode,
    agreement: held.agreement,
    users: grown.used,
    due,
    outcome: judge(grown),
    without: judge(usage),
  };
}

/** A true-up comes with the end, everything else with the next day. */
function billingDay(days: readonly ReconciliationDay[], mode: ReconciliationMode): LocalDate | null {
  return (mode === 'TRUE_UP' ? days.find(({ isEnd }) => isEnd) : days[0])?.on ?? null;
}

/** The version that begins the next term by itself; null when none does. */
function renewedBy(head: SubscriptionVersion): SubscriptionVersion | null {
  const { agreement, billingTimeZone } = head;
  const on = endOf(agreement);
  const next = agreement.trial ? null : continued(agreement, on);
  if (next === null || !next.ok) return null;
  const recordedAt = startOfDay(on, billingTimeZone);
  const origin = { cause: 'AUTO_RENEWAL' as const, orderId: null, recordedBy: 'system', recordedAt };
  return nextVersion(head, { ...origin, effectiveOn: on }, next.value);
}

/** What is settled until a day, though that has not begun at the account, or nobody came to it yet. */
function settledThrough<By extends JudgedBy>(
  by: By,
  {
    usage,
    from,
    through,
    localDay,
  }: {
    readonly usage: SeatUsage;
    readonly from: LocalDate;
    readonly through: LocalDate;
    readonly localDay: LocalDate;
  },
): By {
  const days = reconciliationDays(by.history, usage.term.start);
  const due = outstandingDays(days, from, by.settled).filter(({ on }) => compareDates(on, through) <= 0);
  return due.reduce((standing, { on: dueOn }) => {
    const on = compareDates(dueOn, localDay) < 0 ? localDay : dueOn;
    const outcome = reconcile({ ...standing, usage, due: dueOn, on });
    if (outcome === null) return standing;
    const done: SettledDay = { dueOn, settledOn: on, agreed: outcome.agreed, seats: outcome.seats };
    const settled = [...standing.settled, done];
    if (outcome.after === null) return { ...standing, settled };
    const head = headOf(standing.history);
    const origin = { cause: 'RECONCILIATION' as const, orderId: null, recordedBy: 'system' };
    const recordedAt = startOfDay(on, head.billingTimeZone);
    const version = nextVersion(head, { ...origin, recordedAt, effectiveOn: on }, outcome.after);
    return { ...standing, settled, history: [...standing.history, version] };
  }, by);
}

import { endOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { containsDate, type LocalPeriod, partsByAnchor } from '@fulfillment/kernel/domain/period';
import { headOf, type SubscriptionVersion, versionAsOf } from '../subscription.js';

/** A day on which the seats of a term are reconciled: those used before it. */
export interface ReconciliationDay {
  readonly on: LocalDate;
  /** Whether the term ends on it, or another account has the subscription from it on. */
  readonly isEnd: boolean;
}

/** A term by its newest version; null when it is none, or a trial's. */
export function termOf(
  history: readonly SubscriptionVersion[],
  startDate: LocalDate,
): { readonly period: LocalPeriod; readonly last: SubscriptionVersion } | null {
  const ofTerm = history.filter(({ agreement }) => agreement.term.startDate === startDate);
  if (ofTerm.length === 0) return null;
  const last = headOf(ofTerm);
  return last.agreement.trial ? null : { period: { start: startDate, end: endOf(last.agreement) }, last };
}

/**
 * The days on which a term is reconciled, in their order: the first day after each of its quarters, the last of which is the end of
 * the term, and those on which it went to another account. By the history alone: what licenses knew of the term may be outdated.
 */
export function reconciliationDays(
  history: readonly SubscriptionVersion[],
  startDate: LocalDate,
): ReconciliationDay[] {
  const term = termOf(history, startDate);
  if (term === null) return [];
  const { period } = term;
  const quarters = partsByAnchor(period, period.start, { months: 3 }).map(({ end }) => end);
  const handovers = handoversIn(history, period);
  const days = [...new Set([...quarters, ...handovers])].toSorted(compareDates);
  return days.map((on) => ({ on, isEnd: on === period.end || handovers.includes(on) }));
}

function handoversIn(history: readonly SubscriptionVersion[], period: LocalPeriod): LocalDate[] {
  const days = history
    .map(({ effectiveOn }) => effectiveOn)
    .filter((day) => day > period.start && containsDate(period, day))
    .toSorted(compareDates);
  let holder = versionAsOf(history, period.start, null)?.accountId;
  return [...new Set(days)].filter((day) => {
    const next = versionAsOf(history, day, null)?.accountId;
    const isOther = next !== holder;
    holder = next;
    return isOther;
  });
}

/**
 * The days of reconciliation that are still to be dealt with: an end that was passed by unsettled is made up for.
 * @param from earlier days were dealt with, or passed before anything was known of the term
 */
export function outstandingDays(
  days: readonly ReconciliationDay[],
  from: LocalDate,
  settled: readonly { readonly dueOn: LocalDate }[],
): ReconciliationDay[] {
  return days.filter(
    ({ on, isEnd }) => (isEnd || compareDates(on, from) >= 0) && !settled.some(({ dueOn }) => dueOn === on),
  );
}

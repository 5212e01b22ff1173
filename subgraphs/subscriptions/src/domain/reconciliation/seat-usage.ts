import { addDays, compareDates, type LocalDate, startOfDay } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';

/** The highest number of billable users on each of some days (UTC). */
export interface UsedDays extends LocalPeriod {
  readonly users: number;
}

/** How the seats of a subscription are used in one of its terms, as licenses tells it. */
export interface SeatUsage {
  readonly subscriptionId: string;
  /** As licenses knew it: its first day names the term, and how long that is, the history of the subscription says. */
  readonly term: LocalPeriod;
  readonly used: number;
  /** Days of which nothing was reported are missing. */
  readonly days: readonly UsedDays[];
  /** When seats were last reported; null when never. */
  readonly reportedAt: Date | null;
}

/** The use of a subscription of which nothing was reported in the term. */
export function unreported(subscriptionId: string, term: LocalPeriod): SeatUsage {
  return { subscriptionId, term, used: 0, days: [], reportedAt: null };
}

/**
 * The use as it would be with more users from a day on.
 * @param day a day of the term (UTC)
 */
export function withMoreUsers(usage: SeatUsage, more: number, day: LocalDate): SeatUsage {
  const users = usage.used + more;
  return { ...usage, used: users, days: [...usage.days, { start: day, end: addDays(day, 1), users }] };
}

/** The highest use within a period; 0 when nothing was reported. */
export function highestUse({ days }: Pick<SeatUsage, 'days'>, { start, end }: LocalPeriod): number {
  const within = days.filter((one) => compareDates(one.start, end) < 0 && compareDates(one.end, start) > 0);
  return Math.max(0, ...within.map(({ users }) => users));
}

/**
 * When a day's reconciliation is due: when the day has begun at the account, and the day before is over in UTC, by which seats are
 * counted.
 */
export function reconciliationInstant(day: LocalDate, timeZone: string): Date {
  const local = startOfDay(day, timeZone);
  const utc = startOfDay(day, 'UTC');
  return local > utc ? local : utc;
}

import { compareDates, type LocalDate, startOfDay } from '@fulfillment/kernel/domain/calendar';
import { containsDate, type LocalPeriod, partsByAnchor } from '@fulfillment/kernel/domain/period';

/** The highest number of billable users in a quarter of the term. */
export interface QuarterMaximum extends LocalPeriod {
  readonly maximum: number;
}

/** How the seats of a subscription are used in one of its terms, as licenses tells it. */
export interface SeatUsage {
  readonly subscriptionId: string;
  readonly term: LocalPeriod;
  readonly used: number;
  /** The highest in the term. */
  readonly maximum: number;
  readonly quarters: readonly QuarterMaximum[];
  /** When seats were last reported; null when never. */
  readonly reportedAt: Date | null;
}

/** The use of a subscription of which nothing was reported in the term. */
export function unreported(subscriptionId: string, term: LocalPeriod): SeatUsage {
  const quarters = partsByAnchor(term, term.start, { months: 3 });
  return {
    subscriptionId,
    term,
    used: 0,
    maximum: 0,
    quarters: quarters.map(({ start, end }) => ({ start, end, maximum: 0 })),
    reportedAt: null,
  };
}

/**
 * The use as it would be with more users from a day on.
 * @param day a day of the term (UTC)
 */
export function withMoreUsers(usage: SeatUsage, more: number, day: LocalDate): SeatUsage {
  const users = usage.used + more;
  return {
    ...usage,
    used: users,
    maximum: Math.max(usage.maximum, users),
    quarters: usage.quarters.map((quarter) =>
      containsDate(quarter, day) ? { ...quarter, maximum: Math.max(quarter.maximum, users) } : quarter,
    ),
  };
}

/** The days on which a term is reconciled: the first day after each of its quarters. The last one is the end of the term. */
export function reconciliationDays({ quarters }: Pick<SeatUsage, 'quarters'>): LocalDate[] {
  return quarters.map(({ end }) => end);
}

/** The first of these days after another day; null when there is none. */
export function nextReconciliationDay(
  usage: Pick<SeatUsage, 'quarters'>,
  after: LocalDate,
): LocalDate | null {
  return reconciliationDays(usage).find((day) => compareDates(day, after) > 0) ?? null;
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

import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { SeatReport } from '../usage.js';

/** The seats of a deployment against what was purchased. */
export interface Seats {
  readonly purchased: number;
  readonly used: number;
  /** The highest use in the current term. */
  readonly maximum: number;
  /** max(0, maximum - purchased). */
  readonly overage: number;
  readonly reportedAt: Date | null;
}

/**
 * Sets use against purchase. A maximum that was counted in an earlier term does not count in this one: then it is what
 * is used now.
 *
 * @param termStart the first day of the term in force; null on the free plan
 */
export function seatsOf(report: SeatReport | null, purchased: number, termStart: LocalDate | null): Seats {
  if (report === null) return { purchased, used: 0, maximum: 0, overage: 0, reportedAt: null };
  const counts = termStart === null || compareDates(report.maximumSince, termStart) >= 0;
  const maximum = counts ? Math.max(report.maximum, report.used) : report.used;
  return {
    purchased,
    used: report.used,
    maximum,
    overage: Math.max(0, maximum - purchased),
    reportedAt: report.reportedAt,
  };
}

import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { freePlanCode } from '../product.js';
import type { SeatReport } from '../usage.js';

/** The seats of a deployment against what was purchased. */
export interface Seats {
  readonly purchased: number;
  readonly used: number;
  /** The highest use in the current term. */
  readonly maximum: number;
  /** max(0, maximum - purchased); 0 on the free plan, which has no seats that could be exceeded. */
  readonly overage: number;
  readonly reportedAt: Date | null;
}

/** What use is set against. */
export interface PurchasedSeats {
  readonly planCode: string;
  readonly purchased: number;
  /** The first day of the term in force; null on the free plan. */
  readonly termStart: LocalDate | null;
}

/**
 * Sets use against purchase. A maximum that was counted in an earlier term does not count in this one: then it is what
 * is used now. Many users on the free plan are nobody's overage: they are a reason to offer a paid plan.
 */
export function seatsOf(
  report: SeatReport | null,
  { planCode, purchased, termStart }: PurchasedSeats,
): Seats {
  if (report === null) return { purchased, used: 0, maximum: 0, overage: 0, reportedAt: null };
  const counts = termStart === null || compareDates(report.maximumSince, termStart) >= 0;
  const maximum = counts ? Math.max(report.maximum, report.used) : report.used;
  return {
    purchased,
    used: report.used,
    maximum,
    overage: planCode === freePlanCode ? 0 : Math.max(0, maximum - purchased),
    reportedAt: report.reportedAt,
  };
}

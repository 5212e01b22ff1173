import type { LocalDate } from '@fulfillment/kernel/domain/calendar';

/** The seats of a deployment by its last report. */
export interface SeatReport {
  readonly used: number;
  /** The highest number of billable users since `maximumSince`. */
  readonly maximum: number;
  /** The first day of the term that the maximum belongs to. */
  readonly maximumSince: LocalDate;
  readonly reportedAt: Date;
}

/** The use of one feature by its last report. */
export interface FeatureUse {
  readonly featureKey: string;
  /** A limit: how many are in use now. An allowance: how much was used in the month. */
  readonly used: number;
  /** The first day of the month (UTC) in which it was counted. */
  readonly monthStart: LocalDate;
  /** Allowances: how much of the purchased packs was used up in the months before. */
  readonly packsUsedBefore: number;
}

/** All that a deployment has reported; nothing at all is possible. */
export interface Usage {
  readonly seats: SeatReport | null;
  readonly features: readonly FeatureUse[];
}

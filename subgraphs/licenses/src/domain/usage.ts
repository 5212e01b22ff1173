import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { MeterReading } from './allowance/readings.js';

/** The seats of a deployment by its last report. */
export interface SeatReport {
  readonly used: number;
  /** The highest number of billable users since `maximumSince`. */
  readonly maximum: number;
  /** The first day of the term that the maximum belongs to. */
  readonly maximumSince: LocalDate;
  readonly reportedAt: Date;
}

/** How many of a feature with a limit are in use, by the newest observation. */
export interface FeatureUse {
  readonly featureKey: string;
  readonly used: number;
  readonly observedAt: Date;
}

/** What a meter has counted of an allowance. */
export interface AllowanceReading extends MeterReading {
  readonly featureKey: string;
}

/** All that a deployment has reported; nothing at all is possible. */
export interface Usage {
  /** How many users have a seat of an add-on, by its code: nobody of one that is missing. */
  readonly addOnSeats?: ReadonlyMap<string, number>;
  readonly seats: SeatReport | null;
  readonly features: readonly FeatureUse[];
  readonly allowances: readonly AllowanceReading[];
}

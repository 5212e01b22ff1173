import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { startOfDay, isTimeZone, type LocalDate } from '@fulfillment/kernel/domain/calendar';

/** What brings a version of a subscription about: the words of the subscriptions service. */
export type VersionCause = 'ORDER' | 'AUTO_RENEWAL' | 'RECONCILIATION' | 'DUNNING' | 'TRIAL_END';

/** One agreed product. Prices are not our business and are not kept. */
export interface AgreedItem {
  readonly productCode: string;
  readonly productKind: 'PLAN' | 'ADD_ON';
  readonly quantity: number;
  readonly pricePeriod: PricePeriod;
}

/** A suspension that goes on: nothing may be used from it on. */
export interface Suspension {
  /** Its first day in the account's time zone. */
  readonly startsOn: LocalDate;
  /** The instant at which that day begins. */
  readonly holdsFrom: Date;
}

/** Who pays for a subscription, and who sells it: ids of an account and of partners. */
export interface SaleParties {
  readonly invoiceOwnerAccountId: string;
  readonly partnerOfRecordId: string | null;
  readonly distributorId: string | null;
}

/** A subscription as the newest snapshot states it: what licenses needs of it. */
export interface AgreedSubscription {
  readonly id: string;
  readonly version: number;
  readonly accountId: string;
  readonly deploymentId: string;
  readonly cause: VersionCause;
  readonly trial: boolean;
  /** The first day of its term. */
  readonly startsOn: LocalDate;
  /** The first day on which it no longer holds: the end of its term, or the day it was canceled. */
  readonly endsOn: LocalDate;
  /** The instant from which it holds, see `holdsFrom`. */
  readonly holdsFrom: Date;
  /** The first day on which its account has it; null where an old snapshot does not tell it: then since ever. */
  readonly heldSince: LocalDate | null;
  /** Null while it is not suspended. */
  readonly suspension: Suspension | null;
  readonly items: readonly AgreedItem[];
  /** All that was ever bought once with it: it is the customer's until it is used up. */
  readonly boughtOnce: readonly BoughtOnce[];
  /** When the version was made. */
  readonly recordedAt: Date;
}

/** Units of a product that were bought once in one term, and the instant from which the first of them is there. */
export interface BoughtOnce {
  readonly productCode: string;
  readonly quantity: number;
  readonly from: Date;
}

/** 00:00 UTC of a day: where a license begins and ends. */
export function utcMidnight(date: LocalDate): Date {
  return new Date(`${date}T00:00:00.000Z`);
}

/**
 * The instant from which a version holds. Its first day begins in the account's own time zone or at 00:00 UTC,
 * whichever is earlier, so that a buyer in Auckland is served at once and nobody is served late. What the contract does
 * by itself (a renewal, the end of a trial) goes on from what held already: it holds from the moment it was recorded,
 * though its term may begin some hours later.
 *
 * @param timeZone an unknown one is read as UTC
 * @param recordedAt when the version was made
 */
export function holdsFrom(
  startsOn: LocalDate,
  timeZone: string,
  cause: VersionCause,
  recordedAt: Date,
): Date {
  const begins = [utcMidnight(startsOn)];
  if (isTimeZone(timeZone)) begins.push(startOfDay(startsOn, timeZone));
  if (cause !== 'ORDER') begins.push(recordedAt);
  return new Date(Math.min(...begins.map((instant) => instant.getTime())));
}

/**
 * A suspension from a day on. It holds from the account's own midnight, not from an earlier one at 00:00 UTC: nobody is cut
 * off while the day before still lasts.
 *
 * @param timeZone an unknown one is read as UTC
 */
export function suspensionFrom(startsOn: LocalDate, timeZone: string): Suspension {
  const holdsFrom = isTimeZone(timeZone) ? startOfDay(startsOn, timeZone) : utcMidnight(startsOn);
  return { startsOn, holdsFrom };
}

/** The plan among the items; undefined only when the contract was broken. */
export function planOf(subscription: Pick<AgreedSubscription, 'items'>): AgreedItem | undefined {
  return subscription.items.find((item) => item.productKind === 'PLAN');
}

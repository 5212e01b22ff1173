import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { planOf, type AgreedSubscription } from '../agreed-subscription.js';
import { freePlanCode } from '../product.js';
import { nextMoment } from '../entitlements/holds-until.js';
import { inForceAt } from '../entitlements/in-force.js';

/** What seats are held against at an instant. */
export interface SeatContract {
  /** The subscription in force, suspended or not; null on the free plan. */
  readonly subscriptionId: string | null;
  readonly planCode: string;
  readonly purchased: number;
  /** Null on the free plan. */
  readonly term: LocalPeriod | null;
  /** The first day of the term on which its account has it: the highest use counts from it on. Null on the free plan. */
  readonly heldFrom: LocalDate | null;
  /** When another subscription or none comes into force by the clock alone; null when that lies in no future. */
  readonly holdsUntil: Date | null;
}

/** The plan, seats and term that count for a deployment at `at`: of the subscription in force, though it be suspended. */
export function seatContractAt(subscriptions: readonly AgreedSubscription[], at: Date): SeatContract {
  const subscription = inForceAt(subscriptions, at)?.subscription ?? null;
  const plan = subscription === null ? undefined : planOf(subscription);
  return {
    subscriptionId: subscription?.id ?? null,
    planCode: plan?.productCode ?? freePlanCode,
    purchased: plan?.quantity ?? 0,
    term: subscription && { start: subscription.startsOn, end: subscription.endsOn },
    heldFrom: subscription && heldFrom(subscription),
    holdsUntil: nextMoment(subscriptions, at),
  };
}

function heldFrom({ startsOn, heldSince }: AgreedSubscription): LocalDate {
  return heldSince !== null && compareDates(heldSince, startsOn) > 0 ? heldSince : startsOn;
}

import { compareDates } from '@fulfillment/kernel/domain/calendar';
import { utcMidnight, type AgreedSubscription } from '../agreed-subscription.js';

/** For how many days a plan is kept after its subscription has ended. */
export const gracePeriodDays = 14;

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** How a subscription stands at an instant, as far as entitlements go. */
export type Standing = 'FUTURE' | 'ACTIVE' | 'SUSPENDED' | 'GRACE' | 'ENDED';

/**
 * How a subscription stands: it holds through the last second (UTC) of the day before its end, then the plan is kept
 * for the days of grace. One that ended before it began was never in force and has no grace, nor has one that was suspended
 * when it ended.
 */
export function standingAt(subscription: AgreedSubscription, at: Date): Standing {
  const end = utcMidnight(subscription.endsOn).getTime();
  const instant = at.getTime();
  if (end <= subscription.holdsFrom.getTime()) return 'ENDED';
  if (instant < subscription.holdsFrom.getTime()) return 'FUTURE';
  const isSuspended =
    subscription.suspension !== null && subscription.suspension.holdsFrom.getTime() <= instant;
  if (instant < end) return isSuspended ? 'SUSPENDED' : 'ACTIVE';
  if (isSuspended) return 'ENDED';
  return instant < graceEnd(subscription).getTime() ? 'GRACE' : 'ENDED';
}

/** The instant at which the days of grace after a subscription's end are over. */
export function graceEnd({ endsOn }: Pick<AgreedSubscription, 'endsOn'>): Date {
  return new Date(utcMidnight(endsOn).getTime() + gracePeriodDays * dayMilliseconds);
}

/** What counts for a deployment, the first before the others: a suspension leaves no grace of an earlier subscription. */
const standingsInForce = ['ACTIVE', 'SUSPENDED', 'GRACE'] as const;

/** The subscription that says what a deployment may use: its plan and add-ons, or, suspended, nothing beyond the free plan. */
export interface InForce {
  readonly subscription: AgreedSubscription;
  readonly standing: (typeof standingsInForce)[number];
}

/**
 * The subscription in force at an instant among all that a deployment ever had: an active one before a
 * suspended one, that before one in grace, then the latest start (equal starts: the higher id, so that the answer is the same every time). Null: the free plan.
 */
export function inForceAt(subscriptions: readonly AgreedSubscription[], at: Date): InForce | null {
  let best: InForce | null = null;
  for (const subscription of subscriptions) {
    const standing = standingAt(subscription, at);
    if (standing === 'FUTURE' || standing === 'ENDED') continue;
    const candidate: InForce = { subscription, standing };
    if (best === null || precedes(candidate, best)) best = candidate;
  }
  return best;
}

function precedes(left: InForce, right: InForce): boolean {
  if (left.standing !== right.standing) {
    return standingsInForce.indexOf(left.standing) < standingsInForce.indexOf(right.standing);
  }
  const byStart = compareDates(left.subscription.startsOn, right.subscription.startsOn);
  return byStart === 0 ? left.subscription.id > right.subscription.id : byStart > 0;
}

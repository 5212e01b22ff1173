import { addMonths } from '@fulfillment/kernel/domain/calendar';
import { utcMidnight, type AgreedSubscription } from '../agreed-subscription.js';
import { monthStart } from '../allowance/ledger.js';
import type { EntitlementFacts } from './compute.js';
import { grantEnd } from './grant.js';
import { graceEnd } from './in-force.js';

/**
 * The next instant after `at` at which entitlements may change by the clock alone: a subscription begins, is suspended, ends,
 * or its days of grace do; a grant begins or ends; or the month's allowances are filled again. Null when nothing is ahead.
 */
export function holdsUntil(facts: EntitlementFacts, at: Date): Date | null {
  const moments = [...facts.subscriptions.flatMap(momentsOf), ...grantMoments(facts), ...resets(facts, at)];
  return firstAfter(moments, at);
}

/** The next instant after `at` at which one of the subscriptions begins, is suspended, ends, or its days of grace do. */
export function nextMoment(subscriptions: readonly AgreedSubscription[], at: Date): Date | null {
  return firstAfter(subscriptions.flatMap(momentsOf), at);
}

function firstAfter(moments: readonly Date[], at: Date): Date | null {
  const ahead = moments.map((moment) => moment.getTime()).filter((moment) => moment > at.getTime());
  return ahead.length === 0 ? null : new Date(Math.min(...ahead));
}

function momentsOf(subscription: AgreedSubscription): Date[] {
  const { holdsFrom, suspension, endsOn, boughtOnce } = subscription;
  const suspended = suspension === null ? [] : [suspension.holdsFrom];
  const packs = boughtOnce.map(({ from }) => from);
  return [holdsFrom, ...packs, ...suspended, utcMidnight(endsOn), graceEnd(subscription)];
}

function grantMoments({ grants }: EntitlementFacts): Date[] {
  return grants.flatMap((grant) => [grant.from, grantEnd(grant) ?? grant.from]);
}

/** Which products count is no matter here: a reset that concerns nobody only ends an answer early. */
function resets({ products, grants }: EntitlementFacts, at: Date): Date[] {
  const granted = grants.some(({ featureKind }) => featureKind === 'METERED_ALLOWANCE');
  const metered =
    granted ||
    [...products.values()].some(({ features }) => features.some(({ kind }) => kind === 'METERED_ALLOWANCE'));
  return metered ? [utcMidnight(addMonths(monthStart(at), 1))] : [];
}

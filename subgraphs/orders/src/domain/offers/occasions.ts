import { daysBetween } from '@fulfillment/kernel/domain/calendar';
import { assertNever } from '@fulfillment/kernel/domain/result';
import type { DeploymentUsage, EntitledFeature, FeatureInterest, OfferFacts } from './facts.js';
import type { OfferCondition } from './rule.js';

/** That a rule's condition holds, and of which feature it does. */
export interface Occasion {
  /** Null when it is not about a feature. */
  readonly featureKey: string | null;
}

const once: readonly Occasion[] = [{ featureKey: null }];

/** For what a condition holds now, the most pressing first; none when it does not. */
export function occasionsOf(
  condition: OfferCondition,
  usage: DeploymentUsage,
  facts: OfferFacts,
): readonly Occasion[] {
  switch (condition.kind) {
    case 'SEATS_USED':
      return isAbove(usage.seats.used, usage.seats.purchased, condition.percent) ? once : [];
    case 'ALLOWANCE_USED':
      return featuresAbove(usage.features, ({ allowance }) => allowance, condition.percent);
    case 'LIMIT_USED':
      return featuresAbove(usage.features, ({ limit }) => limit ?? undefined, condition.percent);
    case 'FEATURE_WANTED':
      return wantedFeatures(condition, usage, facts);
    case 'TRIAL_ENDING':
      return isTrialEnding(condition.daysBefore, usage, facts) ? once : [];
    case 'OVERAGE_DEARER':
    case 'ALWAYS':
      return once;
    default:
      return assertNever(condition);
  }
}

/** Exactly the threshold is not above it; of nothing nothing is used up. */
function isAbove(used: number, of: number, percent: number): boolean {
  return of > 0 && used * 100 > of * percent;
}

/**
 * The fullest first, then by key.
 * @param available what there is of a feature; undefined for one of which nothing can be used up
 */
function featuresAbove(
  features: readonly EntitledFeature[],
  available: (feature: EntitledFeature) => number | undefined,
  percent: number,
): Occasion[] {
  return features
    .flatMap((feature) => {
      const of = available(feature);
      return of === undefined ? [] : [{ key: feature.key, of, used: feature.used ?? 0 }];
    })
    .filter(({ of, used }) => isAbove(used, of, percent))
    .toSorted((a, b) => b.used * a.of - a.used * b.of || compareText(a.key, b.key))
    .map(({ key }) => ({ featureKey: key }));
}

/** Locked features that were wanted often and lately: the most wanted first, then the latest, then by key. */
function wantedFeatures(
  { times, withinDays }: Extract<OfferCondition, { readonly kind: 'FEATURE_WANTED' }>,
  { features }: DeploymentUsage,
  { interest, at }: OfferFacts,
): Occasion[] {
  const unlocked = new Set(features.map(({ key }) => key));
  return interest
    .filter(
      (one) => !unlocked.has(one.featureKey) && one.times >= times && at < interestEnds(one, withinDays),
    )
    .toSorted(
      (a, b) =>
        b.times - a.times || Number(b.lastAt) - Number(a.lastAt) || compareText(a.featureKey, b.featureKey),
    )
    .map(({ featureKey }) => ({ featureKey }));
}

const millisecondsOfDay = 86_400_000;

/** The first instant at which an interest no longer counts. */
export function interestEnds({ lastAt }: Pick<FeatureInterest, 'lastAt'>, withinDays: number): Date {
  return new Date(lastAt.getTime() + withinDays * millisecondsOfDay);
}

function isTrialEnding(
  daysBefore: number,
  { trial, validUntil }: DeploymentUsage,
  facts: OfferFacts,
): boolean {
  if (!trial || validUntil === null) return false;
  const left = daysBetween(facts.order.today, validUntil);
  return left > 0 && left <= daysBefore;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

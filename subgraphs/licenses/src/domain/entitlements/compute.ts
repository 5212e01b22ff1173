import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { planOf, type AgreedItem, type AgreedSubscription } from '../agreed-subscription.js';
import { freePlanCode, type Products } from '../product.js';
import { isPerUser } from '../seats/add-on-seats.js';
import type { Usage } from '../usage.js';
import type { FeatureReports } from './features/feature-kind.js';
import { mergeFeature, type EntitledFeature } from './features/index.js';
import type { EntitlementGrant } from './grant.js';
import { inForceAt } from './in-force.js';
import { seatsOf, type Seats } from './seats.js';
import { unlockedFeatures } from './sources.js';

/** Everything that entitlements are worked out from. */
export interface EntitlementFacts {
  /** All that the deployment ever had; none is possible. */
  readonly subscriptions: readonly AgreedSubscription[];
  /** At least those that the subscriptions name and the free plan, as far as they have arrived. */
  readonly products: Products;
  /** What persons gave the deployment or its account, ended ones too. */
  readonly grants: readonly EntitlementGrant[];
  readonly usage: Usage;
}

/** An add-on in force; until its product has arrived, its code is its name. */
export interface EntitledAddOn {
  readonly productCode: string;
  readonly name: string;
  readonly quantity: number;
  /** How many users have a seat of it; null for one that is not for named users. */
  readonly assigned: number | null;
}

/** What a deployment may use at an instant. */
export interface Entitlements {
  /** The subscription that they come from, or whose suspension leaves the free plan; null when there is none. */
  readonly subscriptionId: string | null;
  readonly planCode: string;
  readonly validFrom: LocalDate | null;
  /** The first day on which the subscription no longer holds (00:00 UTC); in grace it has passed. */
  readonly validUntil: LocalDate | null;
  readonly trial: boolean;
  readonly inGracePeriod: boolean;
  /** The first day of the suspension that leaves the deployment on the free plan; null when there is none. */
  readonly suspendedOn: LocalDate | null;
  readonly seats: Seats;
  /** By key. */
  readonly features: readonly EntitledFeature[];
  /** By product code. */
  readonly addOns: readonly EntitledAddOn[];
}

const freePlan: AgreedItem = {
  productCode: freePlanCode,
  productKind: 'PLAN',
  quantity: 0,
  pricePeriod: 'MONTH',
};

/**
 * What a deployment may use at `at`: the plan and add-ons of the subscription in force; the free plan when there
 * is none or it is suspended. A product
 * that has not arrived yet counts with its code alone and unlocks nothing.
 */
export function computeEntitlements(facts: EntitlementFacts, at: Date): Entitlements {
  const inForce = inForceAt(facts.subscriptions, at);
  const isSuspended = inForce?.standing === 'SUSPENDED';
  const subscription = isSuspended ? null : (inForce?.subscription ?? null);
  const plan = (subscription && planOf(subscription)) ?? freePlan;
  const addOns = mergeAddOns(subscription?.items ?? []);
  const validFrom = subscription?.startsOn ?? null;
  return {
    subscriptionId: inForce?.subscription.id ?? null,
    planCode: plan.productCode,
    validFrom,
    validUntil: subscription?.endsOn ?? null,
    trial: subscription?.trial ?? false,
    inGracePeriod: inForce?.standing === 'GRACE',
    suspendedOn: isSuspended ? (inForce.subscription.suspension?.startsOn ?? null) : null,
    seats: seatsOf(facts.usage.seats, {
      planCode: plan.productCode,
      purchased: plan.quantity,
      termStart: validFrom,
    }),
    features: mergeFeatures([plan, ...addOns], subscription, facts, at),
    addOns: addOns.map(({ productCode, quantity }) => ({
      productCode,
      name: facts.products.get(productCode)?.name ?? productCode,
      quantity,
      assigned: assignedOf(productCode, facts),
    })),
  };
}

function assignedOf(productCode: string, { products, usage }: EntitlementFacts): number | null {
  const product = products.get(productCode);
  return product !== undefined && isPerUser(product) ? (usage.addOnSeats?.get(productCode) ?? 0) : null;
}

/** The add-ons by code; the same one agreed twice is one with both quantities. */
function mergeAddOns(items: readonly AgreedItem[]): AgreedItem[] {
  const byCode = new Map<string, AgreedItem>();
  for (const item of items) {
    if (item.productKind !== 'ADD_ON') continue;
    const earlier = byCode.get(item.productCode);
    byCode.set(item.productCode, earlier ? { ...earlier, quantity: earlier.quantity + item.quantity } : item);
  }
  return [...byCode.values()].toSorted((left, right) => compareText(left.productCode, right.productCode));
}

/** Features by key. */
function mergeFeatures(
  items: readonly AgreedItem[],
  subscription: AgreedSubscription | null,
  facts: EntitlementFacts,
  at: Date,
): EntitledFeature[] {
  return [...unlockedFeatures(items, subscription, facts, at)]
    .toSorted(([left], [right]) => compareText(left, right))
    .map(([key, { kind, sources }]) => mergeFeature(key, kind, sources, reportsOf(facts.usage, key), at));
}

function reportsOf({ features, allowances }: Usage, key: string): FeatureReports {
  const use = features.find(({ featureKey }) => featureKey === key);
  return {
    used: use?.used ?? 0,
    observedAt: use?.observedAt ?? null,
    readings: allowances.filter(({ featureKey }) => featureKey === key),
  };
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

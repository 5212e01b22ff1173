import { utcMidnight, type AgreedItem, type AgreedSubscription } from '../agreed-subscription.js';
import { usualPriority } from '../allowance/ledger.js';
import type { Product, ProductFeature } from '../product.js';
import type { EntitlementFacts } from './compute.js';
import type { FeatureSource } from './features/feature-kind.js';
import type { FeatureKind } from './features/index.js';
import { grantEnd, grantHoldsAt, grantOrder, type EntitlementGrant } from './grant.js';
import { standingAt } from './in-force.js';

/** A feature with everything that unlocks it. */
export interface UnlockedFeature {
  readonly kind: FeatureKind;
  readonly sources: [FeatureSource, ...FeatureSource[]];
}

/**
 * Everything that unlocks features at an instant, by feature key: overrides first, then the plan, its add-ons, packs, and what a
 * person granted. Where they disagree about a feature's kind, the first product's word holds.
 *
 * @param items the plan and its add-ons
 * @param subscription where they come from; null on the free plan
 */
export function unlockedFeatures(
  items: readonly AgreedItem[],
  subscription: AgreedSubscription | null,
  facts: EntitlementFacts,
  at: Date,
): Map<string, UnlockedFeature> {
  const unlocked = new Map<string, UnlockedFeature>();
  const add = (key: string, kind: FeatureKind, source: FeatureSource, first = false) => {
    const known = unlocked.get(key);
    if (known === undefined) unlocked.set(key, { kind, sources: [source] });
    else if (known.kind !== kind) return;
    else if (first) known.sources.unshift(source);
    else known.sources.push(source);
  };
  for (const item of items) {
    const product = facts.products.get(item.productCode);
    for (const feature of product?.features ?? []) {
      if (isPack(item, feature)) continue;
      add(feature.key, feature.kind, productSource(item, product, feature, subscription));
    }
  }
  for (const { key, source } of packs(facts, at)) add(key, 'METERED_ALLOWANCE', source);
  const grants = facts.grants.filter((grant) => grantHoldsAt(grant, at)).toSorted(grantOrder);
  for (const grant of grants.filter(({ mode }) => mode === 'ADDS')) {
    add(grant.featureKey, grant.featureKind, grantSource(grant));
  }
  // The one that counts is put first last.
  for (const grant of grants.filter(({ mode }) => mode === 'REPLACES').toReversed()) {
    add(grant.featureKey, grant.featureKind, grantSource(grant), true);
  }
  for (const grant of facts.grants.filter((one) => isUsedUpOrEnded(one, at))) {
    if (unlocked.has(grant.featureKey)) add(grant.featureKey, grant.featureKind, grantSource(grant));
  }
  return unlocked;
}

/** What was bought once is not counted from the agreement, which names it for one term, but from what was ever bought. */
function isPack({ pricePeriod }: AgreedItem, { kind }: ProductFeature): boolean {
  return pricePeriod === 'ONE_TIME' && kind === 'METERED_ALLOWANCE';
}

/** Of an allowance that has ended, what was used while it lasted still counts. */
function isUsedUpOrEnded(grant: EntitlementGrant, at: Date): boolean {
  if (grant.mode !== 'ADDS' || grant.featureKind !== 'METERED_ALLOWANCE') return false;
  return grant.from <= at && !grantHoldsAt(grant, at);
}

function productSource(
  item: AgreedItem,
  product: Product | undefined,
  feature: ProductFeature,
  subscription: AgreedSubscription | null,
): FeatureSource {
  const isAddOn = item.productKind === 'ADD_ON';
  return {
    kind: isAddOn ? 'ADD_ON' : subscription?.trial === true ? 'TRIAL' : 'PLAN',
    code: item.productCode,
    name: product?.name ?? item.productCode,
    featureName: feature.name,
    quantity: feature.quantity,
    units: isAddOn ? item.quantity : 1,
    enabled: true,
    once: null,
    overageAllowed: feature.overage === 'ALLOWED',
    from: subscription?.holdsFrom ?? null,
    until: subscription === null ? null : utcMidnight(subscription.endsOn),
    reason: null,
  };
}

/**
 * Packs belong to the deployment until they are used up, whatever became of the subscription that they were bought with; while
 * that is suspended they may not be used.
 */
function packs(
  { subscriptions, products }: EntitlementFacts,
  at: Date,
): { readonly key: string; readonly source: FeatureSource }[] {
  return subscriptions
    .filter((one) => packsCount(one, at))
    .flatMap(({ id, boughtOnce }) =>
      boughtOnce.flatMap(({ productCode, quantity, from }, index) => {
        const product = products.get(productCode);
        return (product?.features ?? [])
          .filter(({ kind }) => kind === 'METERED_ALLOWANCE')
          .map((feature) => ({
            key: feature.key,
            source: {
              kind: 'ADD_ON' as const,
              code: productCode,
              name: product?.name ?? productCode,
              featureName: feature.name,
              quantity: feature.quantity,
              units: quantity,
              enabled: true,
              once: {
                id: `${id} ${productCode} ${index}`,
                priority: usualPriority,
                rolloverCap: null,
              },
              overageAllowed: false,
              from,
              until: null,
              reason: null,
            },
          }));
      }),
    );
}

function packsCount(subscription: AgreedSubscription, at: Date): boolean {
  const standing = standingAt(subscription, at);
  if (standing === 'FUTURE' || standing === 'SUSPENDED') return false;
  // Canceled before it began: it was never in force.
  return utcMidnight(subscription.endsOn) > subscription.holdsFrom;
}

function grantSource(grant: EntitlementGrant): FeatureSource {
  const isOverride = grant.mode === 'REPLACES';
  const { id, priority, rolloverCap } = grant;
  return {
    kind: isOverride ? 'OVERRIDE' : 'GRANT',
    code: id,
    name: isOverride ? 'Override' : 'Grant',
    featureName: grant.featureName,
    quantity: grant.quantity,
    units: 1,
    enabled: grant.enabled,
    once: isOverride ? null : { id, priority, rolloverCap },
    overageAllowed: false,
    from: grant.from,
    until: grantEnd(grant),
    reason: grant.reason,
  };
}

import { planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Product } from '../catalog/product.js';
import type { SubscriptionFacts } from '../order/facts.js';
import { cheaperPlan } from './cheaper-plan.js';
import type { DeploymentUsage, EntitledFeature, OfferFacts } from './facts.js';
import type { Occasion } from './occasions.js';
import {
  added,
  addOnsWith,
  type Alternative,
  changedQuantity,
  featureOf,
  hasFeature,
  plansAbove,
  presentPlan,
  type Proposal,
  quota,
  toPlan,
} from './proposal.js';
import type { OfferCondition, OfferRule } from './rule.js';

/** What a rule offers on an occasion; null when there is nothing to offer. */
export function proposalOf(
  { step, condition }: Pick<OfferRule, 'step' | 'condition'>,
  { featureKey }: Occasion,
  usage: DeploymentUsage,
  facts: OfferFacts,
): Proposal | null {
  switch (step) {
    case 'ADD_SEATS':
      return moreSeats(percentOf(condition), usage, facts);
    case 'NEXT_PLAN':
      return nextPlan(featureKey, usage, facts);
    case 'BUY_ALLOWANCE':
      return featureKey === null
        ? null
        : moreUnits(featureKey, ({ allowance = 0 }) => allowance, percentOf(condition), usage, facts);
    case 'RAISE_LIMIT':
      return featureKey === null
        ? null
        : moreUnits(featureKey, ({ limit }) => limit ?? 0, percentOf(condition), usage, facts);
    case 'UNLOCK_FEATURE':
      return featureKey === null ? null : unlock(featureKey, usage, facts);
    case 'CONVERT_TRIAL':
      return conversion(facts);
    case 'CHEAPER_PLAN':
      return cheaperPlan(usage, facts);
    default:
      return assertNever(step);
  }
}

function percentOf(condition: OfferCondition): number {
  return 'percent' in condition ? condition.percent : 100;
}

/** So much is offered that what is used is no longer above the threshold: 9 in use at 80 per cent are 12 seats. */
function enoughFor(used: number, percent: number): number {
  return Math.ceil((used * 100) / percent);
}

function moreSeats(percent: number, { seats }: DeploymentUsage, facts: OfferFacts): Proposal | null {
  const { subscription } = facts;
  if (subscription === null) return null;
  const plan = planOf(subscription.agreement.items);
  const product = facts.order.products.get(plan.productCode);
  const quantity = enoughFor(seats.used, percent);
  if (product === undefined || quantity <= plan.quantity) return null;
  return about(product.code, null, [changedQuantity(subscription, product, quantity)]);
}

/** For a feature: the next plan with more of it. */
function nextPlan(featureKey: string | null, usage: DeploymentUsage, facts: OfferFacts): Proposal | null {
  const present = presentPlan(usage, facts);
  const plan = plansAbove(present, facts).find(
    (one) =>
      featureKey === null || present === undefined || quota(one, featureKey) > quota(present, featureKey),
  );
  if (plan === undefined) return null;
  const feature = featureKey === null ? null : featureOf(facts, featureKey);
  return about(plan.code, feature, [toPlan(plan, usage, facts)]);
}

/**
 * Units of the add-on with a feature until what is used is no longer above the threshold; without a contract to add them to or an
 * add-on that has it, the next plan with more.
 * @param available what there is of the feature now
 */
function moreUnits(
  featureKey: string,
  available: (feature: EntitledFeature) => number,
  percent: number,
  usage: DeploymentUsage,
  facts: OfferFacts,
): Proposal | null {
  const { subscription } = facts;
  const [addOn] = addOnsWith(featureKey, facts);
  if (subscription === null || addOn === undefined) return nextPlan(featureKey, usage, facts);
  const feature = usage.features.find(({ key }) => key === featureKey) ?? { key: featureKey };
  const size = quota(addOn, featureKey);
  if (size === 0) return null;
  const lacking = enoughFor(feature.used ?? 0, percent) - available(feature);
  const units = Math.max(Math.ceil(lacking / size), addOn.minimumQuantity);
  return about(`${addOn.code}:${featureKey}`, featureOf(facts, featureKey), [
    added(subscription, addOn, units),
  ]);
}

/** The plan or the add-on that has the feature. */
function unlock(featureKey: string, usage: DeploymentUsage, facts: OfferFacts): Proposal | null {
  const feature = featureOf(facts, featureKey);
  const { subscription } = facts;
  const plan = plansAbove(presentPlan(usage, facts), facts).find((one) => hasFeature(one, featureKey));
  const addOns = subscription === null ? [] : addOnsWith(featureKey, facts);
  const alternatives = [
    ...addOns.map((addOn) => addOnFor(subscription, addOn)),
    ...(plan === undefined ? [] : [toPlan(plan, usage, facts)]),
  ].filter((one) => one !== null);
  return alternatives.length === 0 ? null : about(`feature:${featureKey}`, feature, alternatives);
}

/** An add-on that is counted by users, for as many as the plan has seats; of any other, the smallest quantity. */
function addOnFor(subscription: SubscriptionFacts | null, addOn: Product): Alternative | null {
  if (subscription === null) return null;
  const seats = planOf(subscription.agreement.items).quantity;
  const isPerUser = addOn.prices.some(({ unit }) => unit === 'USER');
  return added(
    subscription,
    addOn,
    isPerUser ? Math.max(seats, addOn.minimumQuantity) : addOn.minimumQuantity,
  );
}

function conversion(facts: OfferFacts): Proposal | null {
  const { subscription } = facts;
  if (subscription === null || !subscription.agreement.trial) return null;
  const { productCode, quantity } = planOf(subscription.agreement.items);
  const product = facts.order.products.get(productCode);
  if (product === undefined) return null;
  const actions = [{ convertTrial: { subscriptionId: subscription.id } }];
  return about(product.code, null, [{ product, quantity, actions, isContractPrice: true }]);
}

function about(
  subject: string,
  feature: Proposal['feature'],
  alternatives: readonly Alternative[],
): Proposal {
  return { subject, feature, alternatives, saving: null };
}

import { planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { type Money, subtract } from '@fulfillment/kernel/domain/money';
import type { Product } from '../catalog/product.js';
import type { OrderActionInput } from '../order/actions/index.js';
import type { SubscriptionFacts } from '../order/facts.js';
import type { DeploymentUsage, OfferFacts } from './facts.js';
import { monthlyCost, priceOf } from './pricing.js';
import {
  added,
  addOnsWith,
  type Alternative,
  changedQuantity,
  plansAbove,
  presentPlan,
  type Proposal,
  quota,
} from './proposal.js';

/** A better plan, with what it saves a month. */
interface Saving {
  readonly alternative: Alternative;
  readonly monthly: Money;
}

/**
 * The better plan that costs least a month, where it costs less than what is used beyond the contract would: the
 * users above the purchased seats at the contract's price, and packs for what was used of allowances beyond them this
 * month. Both sides are orders that are judged like any other, for as many users, and the plan's side too pays for what
 * goes beyond its own allowances. Null when nothing goes beyond the contract, or no better plan is cheaper.
 */
export function cheaperPlan(usage: DeploymentUsage, facts: OfferFacts): Proposal | null {
  const { subscription } = facts;
  const present = presentPlan(usage, facts);
  if (subscription === null || present === undefined) return null;
  const seats = Math.max(planOf(subscription.agreement.items).quantity, usage.seats.maximum);
  const staying = costOf(stay(subscription, present, seats, usage, facts), facts);
  if (staying === null) return null;
  const [best] = plansAbove(present, facts)
    .flatMap((plan) => savingOf(subscription, { present, plan, seats, usage }, staying, facts) ?? [])
    .toSorted((left, right) => (left.monthly.minor > right.monthly.minor ? -1 : 1));
  if (best === undefined) return null;
  return { subject: 'cheaper-plan', feature: null, alternatives: [best.alternative], saving: best.monthly };
}

interface Move {
  readonly present: Product;
  readonly plan: Product;
  readonly seats: number;
  readonly usage: DeploymentUsage;
}

function savingOf(
  subscription: SubscriptionFacts,
  { present, plan, seats, usage }: Move,
  staying: Money,
  facts: OfferFacts,
): Saving | null {
  const quantity = Math.max(seats, plan.minimumQuantity);
  const changePlan = { subscriptionId: subscription.id, planCode: plan.code, quantity };
  const moving = costOf([{ changePlan }, ...packs(subscription, [present, plan], usage, facts)], facts);
  if (moving === null || moving.minor >= staying.minor) return null;
  const alternative = { product: plan, quantity, actions: [{ changePlan }], isContractPrice: false };
  return { alternative, monthly: subtract(staying, moving) };
}

/** What would be bought to stay on the plan with what is used now; nothing when nothing goes beyond it. */
function stay(
  subscription: SubscriptionFacts,
  present: Product,
  seats: number,
  usage: DeploymentUsage,
  facts: OfferFacts,
): OrderActionInput[] {
  const isMore = seats > planOf(subscription.agreement.items).quantity;
  const more = isMore ? changedQuantity(subscription, present, seats).actions : [];
  return [...more, ...packs(subscription, [present, present], usage, facts)];
}

/** Packs for what was used beyond the allowances of a plan: those of now, less what the present plan gives, and its own. */
function packs(
  subscription: SubscriptionFacts,
  [present, plan]: readonly [Product, Product],
  { features }: DeploymentUsage,
  facts: OfferFacts,
): OrderActionInput[] {
  return features.flatMap(({ key, allowance, used = 0 }) => {
    const [pack] = addOnsWith(key, facts);
    if (allowance === undefined || pack === undefined) return [];
    const beyond = used - (allowance - quota(present, key) + quota(plan, key));
    const size = quota(pack, key);
    return beyond <= 0 || size === 0 ? [] : added(subscription, pack, Math.ceil(beyond / size)).actions;
  });
}

function costOf(actions: readonly OrderActionInput[], facts: OfferFacts): Money | null {
  if (actions.length === 0) return null;
  const priced = priceOf(actions, facts);
  return priced?.kind === 'PRICED' ? monthlyCost(priced.draft) : null;
}

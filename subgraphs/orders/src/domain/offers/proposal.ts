import { itemOf, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import type { Money } from '@fulfillment/kernel/domain/money';
import { isOnSale, type Product, type ProductFeature } from '../catalog/product.js';
import type { OrderActionInput } from '../order/actions/index.js';
import type { SubscriptionFacts } from '../order/facts.js';
import type { DeploymentUsage, OfferFacts } from './facts.js';

/** One way to do what is offered. */
export interface Alternative {
  readonly product: Product;
  /** How many units there will be, or of what is bought once how many are added. */
  readonly quantity: number;
  /** The actions of the order, as a client would send them. */
  readonly actions: readonly OrderActionInput[];
  /** True when the contract's own price holds; else the price list's. */
  readonly isContractPrice: boolean;
}

/** Something to be offered, in one way or another: the cheapest will be. */
export interface Proposal {
  /** Names it among the proposals of its rule. */
  readonly subject: string;
  readonly feature: ProductFeature | null;
  readonly alternatives: readonly Alternative[];
  /** What it saves a month, where it is offered for that. */
  readonly saving: Money | null;
}

/** The plan of the contract; without one, the plan in force. Undefined when it was never on the price list. */
export function presentPlan(
  { planCode }: Pick<DeploymentUsage, 'planCode'>,
  { subscription, order }: OfferFacts,
): Product | undefined {
  const agreed = subscription && planOf(subscription.agreement.items).productCode;
  return order.products.get(agreed ?? planCode);
}

/** The plans above the present one that are sold for the kind of deployment, the next one first. */
export function plansAbove(present: Product | undefined, facts: OfferFacts): Product[] {
  const { products } = facts.order;
  const rank = present?.rank ?? null;
  if (rank === null) return [];
  return [...products.values()]
    .filter(
      (product) => product.kind === 'PLAN' && (product.rank ?? rank) > rank && isOffered(product, facts),
    )
    .toSorted((left, right) => (left.rank ?? 0) - (right.rank ?? 0));
}

/** The add-ons with a feature that are sold for the kind of deployment: what unlocks least first, then by code. */
export function addOnsWith(featureKey: string, facts: OfferFacts): Product[] {
  return [...facts.order.products.values()]
    .filter(
      (product) => product.kind === 'ADD_ON' && hasFeature(product, featureKey) && isOffered(product, facts),
    )
    .toSorted((a, b) => a.features.length - b.features.length || (a.code < b.code ? -1 : 1));
}

export function hasFeature({ features }: Product, key: string): boolean {
  return features.some((feature) => feature.key === key);
}

export function featureOf(facts: OfferFacts, key: string): ProductFeature | null {
  const features = [...facts.order.products.values()].flatMap((product) => product.features);
  return features.find((feature) => feature.key === key) ?? null;
}

/** Another plan in the place of the plan; without a contract a new subscription to it, for as many users as there are. */
export function toPlan(plan: Product, usage: DeploymentUsage, facts: OfferFacts): Alternative {
  const { subscription } = facts;
  if (subscription === null) return creation(plan, usage, facts);
  const { id: subscriptionId, agreement } = subscription;
  const quantity = Math.max(planOf(agreement.items).quantity, plan.minimumQuantity);
  const changePlan = { subscriptionId, planCode: plan.code, quantity };
  return { product: plan, quantity, actions: [{ changePlan }], isContractPrice: false };
}

function creation(plan: Product, usage: DeploymentUsage, { deployment }: OfferFacts): Alternative {
  const quantity = Math.max(usage.seats.used, plan.minimumQuantity);
  const { kind, externalId } = deployment;
  const createSubscription = { deployment: { kind, externalId }, planCode: plan.code, quantity };
  return { product: plan, quantity, actions: [{ createSubscription }], isContractPrice: false };
}

function isOffered(product: Product, { deployment, order }: OfferFacts): boolean {
  return (
    product.orderable && product.deploymentKinds.includes(deployment.kind) && isOnSale(product, order.today)
  );
}

/** What is in the contract already, and is not bought once, is there in a larger quantity then. */
export function added(subscription: SubscriptionFacts, addOn: Product, quantity: number): Alternative {
  const { id: subscriptionId, agreement } = subscription;
  const agreed = itemOf(agreement.items, addOn.code);
  if (agreed !== undefined && agreed.pricePeriod !== 'ONE_TIME') {
    return changedQuantity(subscription, addOn, agreed.quantity + quantity);
  }
  const addProduct = { subscriptionId, productCode: addOn.code, quantity };
  return { product: addOn, quantity, actions: [{ addProduct }], isContractPrice: agreed !== undefined };
}

export function changedQuantity(
  { id: subscriptionId }: SubscriptionFacts,
  product: Product,
  quantity: number,
): Alternative {
  const changeQuantity = { subscriptionId, productCode: product.code, quantity };
  return { product, quantity, actions: [{ changeQuantity }], isContractPrice: true };
}

/** What a product has of a feature; for an add-on, in each unit. Infinity for a limit that it lifts. */
export function quota({ features }: Product, featureKey: string): number {
  const feature = features.find(({ key }) => key === featureKey);
  return feature?.quantity ?? (feature?.kind === 'LIMIT' ? Number.POSITIVE_INFINITY : 0);
}

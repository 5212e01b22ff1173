import type { Money } from '@fulfillment/kernel/domain/money';
import { agreedPriceFor } from '../catalog/agreed-price.js';
import type { Price, Product, ProductFeature } from '../catalog/product.js';
import type { OrderActionInput } from '../order/actions/index.js';
import type { DeploymentUsage, OfferFacts } from './facts.js';
import { interestEnds, occasionsOf } from './occasions.js';
import { offerId } from './offer-id.js';
import {
  compareCost,
  hiddenPrice,
  type OfferPrice,
  priceOf,
  type Priced,
  type PriceMissing,
} from './pricing.js';
import type { Alternative, Proposal } from './proposal.js';
import { nextRuleChange, type OfferReason, type OfferRule, reasonOf, rulesFor } from './rule.js';
import { proposalOf } from './steps.js';

/** Something to buy next, why it is offered, what it brings and what it costs. */
export interface Offer {
  readonly id: string;
  readonly ruleCode: string;
  readonly reason: OfferReason;
  readonly product: Product;
  /** The feature that is wanted, or the allowance that runs out. */
  readonly feature: ProductFeature | null;
  readonly quantity: number;
  /** Who would use it. */
  readonly accountId: string;
  /** The partner to ask, where a partner sells to the customer. */
  readonly partnerId: string | null;
  readonly price: OfferPrice | null;
  /** Why there is no price; null when there is one. */
  readonly priceMissing: PriceMissing | null;
  /** True when the contract's own price holds. */
  readonly isContractPrice: boolean;
  /** What it saves a month, where a better plan is cheaper than what is used beyond the contract. */
  readonly saving: Money | null;
  /** What to order, as a client would send it. */
  readonly actions: readonly OrderActionInput[];
  /** Null when it is sold on request alone, and where the price is not the customer's business. */
  readonly listPrice: Price | null;
  /** What may not be used yet. */
  readonly unlocks: readonly ProductFeature[];
}

/** Which offers are asked for. */
export interface OffersAsked {
  /** Null for those of any placement. */
  readonly placement: string | null;
  readonly limit: number;
}

/**
 * The offers of the active rules, the highest priority first, at most one for each reason. No more are priced than are
 * asked for. The same facts always give the same offers.
 */
export function offersFor(
  facts: OfferFacts,
  usage: DeploymentUsage,
  { placement, limit }: OffersAsked,
): Offer[] {
  const offers = new Map<OfferReason, Offer>();
  for (const rule of rulesFor(facts.rules, placement, facts.at)) {
    if (offers.size === limit) break;
    if (offers.has(reasonOf(rule))) continue;
    const offer = offerOf(rule, placement, usage, facts);
    if (offer !== null) offers.set(offer.reason, offer);
  }
  return [...offers.values()];
}

/** The first proposal of a rule that was not dismissed and could be ordered, or asked for. */
function offerOf(
  rule: OfferRule,
  placement: string | null,
  usage: DeploymentUsage,
  facts: OfferFacts,
): Offer | null {
  for (const occasion of occasionsOf(rule.condition, usage, facts)) {
    const proposal = proposalOf(rule, occasion, usage, facts);
    if (proposal === null || isDismissed(rule, proposal, facts)) continue;
    const best = bestOf(proposal, facts);
    if (best !== null) return toOffer(rule, placement, proposal, best, usage, facts);
  }
  return null;
}

function isDismissed({ code }: OfferRule, { subject }: Proposal, { dismissals, at }: OfferFacts): boolean {
  return dismissals.some((one) => one.ruleCode === code && one.subject === subject && at < one.until);
}

interface PricedAlternative {
  readonly alternative: Alternative;
  readonly priced: Priced;
}

/** The cheapest way; of those without a price the first. */
function bestOf({ alternatives }: Proposal, facts: OfferFacts): PricedAlternative | null {
  const possible = alternatives.flatMap((alternative) => {
    const priced = priceOf(alternative.actions, facts);
    return priced === null ? [] : [{ alternative, priced }];
  });
  const [best] = possible.toSorted((left, right) => comparePriced(left.priced, right.priced));
  return best ?? null;
}

function comparePriced(left: Priced, right: Priced): number {
  if (left.kind === 'PRICED' && right.kind === 'PRICED') return compareCost(left.price, right.price);
  return Number(left.kind !== 'PRICED') - Number(right.kind !== 'PRICED');
}

function toOffer(
  rule: OfferRule,
  placement: string | null,
  { subject, feature, saving }: Proposal,
  { alternative, priced }: PricedAlternative,
  usage: DeploymentUsage,
  facts: OfferFacts,
): Offer {
  const { order, subscription, deployment } = facts;
  const { product, quantity, actions, isContractPrice } = alternative;
  const unlocked = new Set(usage.features.map(({ key }) => key));
  const payer = subscription?.invoiceOwner ?? order.buyer.invoiceOwner;
  return {
    id: offerId({ deploymentId: deployment.id, ruleCode: rule.code, subject, placement }),
    ruleCode: rule.code,
    reason: reasonOf(rule),
    product,
    feature,
    quantity,
    accountId: order.buyer.account.id,
    partnerId: subscription?.parties.partnerId ?? null,
    price: priced.kind === 'PRICED' ? priced.price : null,
    priceMissing: priced.kind === 'PRICED' ? null : priced.reason,
    isContractPrice,
    saving: priced.kind === 'PRICED' ? saving : null,
    actions,
    // It would say in which currency the payer is billed, and at what its partner buys.
    listPrice: hiddenPrice(facts) === null ? agreedPriceFor(product, payer, order.today) : null,
    unlocks: product.features.filter(({ key }) => !unlocked.has(key)),
  };
}

/** The first instant at which the clock alone may change the offers: prices, rules, dismissals, interest. */
export function offersHoldUntil(facts: OfferFacts): Date {
  const { at, rules, dismissals, interest, endOfDay } = facts;
  const windows = rules.flatMap(({ condition }) =>
    condition.kind === 'FEATURE_WANTED' ? [condition.withinDays] : [],
  );
  const ends = [
    nextRuleChange(rules, at),
    ...dismissals.map(({ until }) => until),
    ...windows.flatMap((days) => interest.map((one) => interestEnds(one, days))),
  ].filter((instant) => instant !== null && instant > at);
  return new Date(Math.min(endOfDay.getTime(), ...ends.map(Number)));
}

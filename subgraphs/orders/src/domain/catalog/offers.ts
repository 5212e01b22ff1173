import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import { agreedPriceFor, type PricedFor } from './agreed-price.js';
import { isOnSale, type Price, type Product, type ProductFeature } from './product.js';

/** Seats as the deployment uses them. */
export interface SeatUsage {
  readonly purchased: number;
  readonly used: number;
}

export type OfferReason = 'NEXT_PLAN' | 'SEATS_NEARLY_FULL';

/** A better plan, why it is offered, and what it costs and brings. */
export interface Offer {
  readonly product: Product;
  readonly reason: OfferReason;
  /** Null when it is sold on request alone. */
  readonly listPrice: Price | null;
  /** What the present plan lacks. */
  readonly unlocks: readonly ProductFeature[];
}

export interface OfferFacts extends PricedFor {
  readonly deploymentKind: DeploymentKind;
  readonly planCode: string;
  readonly seats: SeatUsage;
  readonly products: readonly Product[];
  readonly today: LocalDate;
}

/** Above this share of the purchased seats there is little room left. */
const nearlyFullPercent = 80;

/**
 * The plans above the present one that are sold for the kind of deployment, the next one first. A plan that is no
 * longer on the list has no place in the line, so nothing is offered beyond it.
 */
export function offersFor(facts: OfferFacts): Offer[] {
  const present = facts.products.find((product) => product.code === facts.planCode);
  if (present === undefined || present.rank === null) return [];
  const { rank } = present;
  const had = new Set(present.features.map((feature) => feature.key));
  const reason = reasonFor(facts.seats);
  return facts.products
    .filter(
      (product) => product.kind === 'PLAN' && (product.rank ?? rank) > rank && isOffered(product, facts),
    )
    .toSorted((left, right) => (left.rank ?? 0) - (right.rank ?? 0))
    .map((product) => ({
      product,
      reason,
      listPrice: agreedPriceFor(product, facts, facts.today),
      unlocks: product.features.filter((feature) => !had.has(feature.key)),
    }));
}

function isOffered(product: Product, { deploymentKind, today }: OfferFacts): boolean {
  return product.orderable && product.deploymentKinds.includes(deploymentKind) && isOnSale(product, today);
}

function reasonFor({ purchased, used }: SeatUsage): OfferReason {
  return purchased > 0 && used * 100 > purchased * nearlyFullPercent ? 'SEATS_NEARLY_FULL' : 'NEXT_PLAN';
}

import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { OrderFacts, SubscriptionFacts } from '../order/facts.js';
import type { OfferRule } from './rule.js';

/** How a deployment is used now, as licenses says. */
export interface DeploymentUsage {
  readonly planCode: string;
  readonly trial: boolean;
  /** The first day after the term; null on the free plan. */
  readonly validUntil: LocalDate | null;
  readonly seats: {
    readonly purchased: number;
    readonly used: number;
    /** The highest use in the term. */
    readonly maximum: number;
  };
  /** What it may use; allowances with what may be used in this period, packs included, limits with the highest number, and what is used. */
  readonly features: readonly EntitledFeature[];
}

export interface EntitledFeature {
  readonly key: string;
  readonly allowance?: number;
  /** Null: no limit. */
  readonly limit?: number | null;
  readonly used?: number;
}

/** How often a locked feature was clicked or tried. */
export interface FeatureInterest {
  readonly featureKey: string;
  readonly times: number;
  readonly lastAt: Date;
}

/** An offer that was dismissed: it stays away up to an instant. */
export interface Dismissal {
  readonly ruleCode: string;
  readonly subject: string;
  readonly until: Date;
}

/** A deployment that offers are for. */
export interface OfferedDeployment {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
}

/** Everything that offers to one deployment depend on, besides how it is used. */
export interface OfferFacts {
  readonly deployment: OfferedDeployment;
  /** The contract that still holds; null without one. */
  readonly subscription: SubscriptionFacts | null;
  /** What an order of the buyer for this deployment would be judged by. */
  readonly order: OrderFacts;
  /** By the account's own clock. */
  readonly at: Date;
  /** The end of the account's day: prices hold for whole days. */
  readonly endOfDay: Date;
  readonly rules: readonly OfferRule[];
  readonly interest: readonly FeatureInterest[];
  readonly dismissals: readonly Dismissal[];
}

import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { OfferReference } from '../../domain/offers/offer-id.js';
import type { StoredOfferRule } from '../../domain/offers/rule.js';

/** What happened to an offer. */
export interface OfferEvent extends OfferReference {
  readonly id: string;
  readonly kind: 'SHOWN' | 'CLICKED' | 'DISMISSED' | 'BOUGHT';
  readonly accountId: string;
  readonly at: Date;
  /** The audience and subject of who did it. */
  readonly by: string;
  readonly orderId: string | null;
}

/** A deployment that may be offered something. */
export interface OfferableDeployment {
  readonly id: string;
  readonly accountId: string;
  /** All that were ever agreed for it. */
  readonly subscriptionIds: readonly string[];
}

/** Which offer stays away: at every placement. */
export type DismissedOffer = Pick<OfferReference, 'deploymentId' | 'ruleCode' | 'subject'>;

export interface OfferStore {
  rules(): Promise<readonly StoredOfferRule[]>;
  /** Nobody else changes a rule until the transaction ends. */
  lockRules(): Promise<void>;
  saveRule(rule: StoredOfferRule, changed: { readonly at: Date; readonly by: string }): Promise<void>;
  /** By id, those of these deployments that the viewer may see. */
  deployments(
    viewer: Viewer,
    at: Date,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, OfferableDeployment>>;
  /** Gives how often it was dismissed by then. An earlier dismissal never ends the later one. */
  dismiss(offer: DismissedOffer, until: Date): Promise<number>;
  /** Writes those that are new; gives how many were. */
  addEvents(events: readonly OfferEvent[]): Promise<number>;
  /** Gives how often the feature was wanted by then. */
  addInterest(interest: {
    readonly deploymentId: string;
    readonly featureKey: string;
    readonly at: Date;
  }): Promise<number>;
}

/** Days in UTC, from the first up to, not including, the last. */
export interface FunnelConditions {
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly placement?: string | null;
  readonly ruleCode?: string | null;
}

export interface FunnelStep {
  readonly events: number;
  readonly deployments: number;
}

/** How far the offers of one rule at one placement came. */
export interface FunnelRow {
  readonly placement: string | null;
  readonly ruleCode: string;
  readonly shown: FunnelStep;
  readonly clicked: FunnelStep;
  readonly dismissed: FunnelStep;
  readonly bought: FunnelStep;
}

import type { LocalDate } from '../domain/calendar.js';
import type { DeploymentKind } from '../domain/ids.js';

/**
 * The believable facts about one party and what it bought, from which each service makes its own rows. Stories say what
 * happened; prices, charges, versions and licenses are worked out by each service's own domain code.
 */
export interface AccountStory {
  readonly id: string;
  readonly name: string;
  readonly countryCode: string;
  readonly billingTimeZone: string;
  readonly currency: 'USD';
  readonly segment: 'SMALL_BUSINESS' | 'MID_MARKET' | 'ENTERPRISE';
  readonly legalEntityCode: 'US' | 'EU';
  readonly paymentTermsDays: number;
  readonly createdAt: Date;
  readonly contacts: readonly ContactStory[];
  readonly deployments: readonly DeploymentStory[];
  /** The partners that sell to this account, with the first day of each. */
  readonly soldBy: readonly { readonly partner: PartnerReference; readonly since: LocalDate }[];
}

export interface ContactStory {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'BILLING' | 'SOLD_TO' | 'SIGNATORY';
}

/** What an account runs, how full it is, and what was bought for it (null: the free plan). */
export interface DeploymentStory {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name: string;
  readonly registeredAt: Date;
  readonly seats: { readonly used: number; readonly maximum: number; readonly reportedAt: Date };
  /** Use of features that are counted, by feature key; allowances count the current month. */
  readonly featureUse: readonly { readonly key: string; readonly used: number }[];
  readonly subscription: SubscriptionStory | null;
}

/** What became of a subscription until today. */
export type SubscriptionScenario = 'ACTIVE' | 'OVERDUE' | 'TRIAL' | 'LAPSED' | 'CANCELED';

/** One create-subscription order and what followed from it. */
export interface SubscriptionStory {
  readonly scenario: SubscriptionScenario;
  readonly subscriptionId: string;
  readonly orderId: string;
  readonly actionId: string;
  readonly planCode: string;
  readonly quantity: number;
  readonly addOns: readonly { readonly productCode: string; readonly quantity: number }[];
  /** Who sold it; null when the account bought from us. */
  readonly seller: PartnerReference | null;
  readonly placedAt: Date;
  readonly placedBy: string;
  readonly purchaseOrderNumber: string | null;
  /** A trial costs nothing and has no invoice. */
  readonly trial: boolean;
  readonly autoRenewal: boolean;
  /** Every term in order: the first by the order, the others by automatic renewal. */
  readonly terms: readonly TermStory[];
  /** The day on which it ended before its term did, because its invoice stayed unpaid. */
  readonly canceledOn: LocalDate | null;
}

/** From `startDate` up to, not including, `endDate`; `paidOn` is when its invoice was paid in full, null while it was not. */
export interface TermStory {
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  /** Null for a trial, which is counted in days. */
  readonly months: number | null;
  readonly recordedAt: Date;
  readonly paidOn: LocalDate | null;
}

/** A selling partner with the accounts that its deals involve. */
export interface PartnerReference {
  readonly id: string;
  readonly accountId: string;
  readonly distributor: { readonly id: string; readonly accountId: string } | null;
}

/** A partner, its agreement, and its own account (which pays our invoices and runs nothing). */
export interface PartnerStory {
  readonly id: string;
  readonly name: string;
  readonly kind: 'DISTRIBUTOR' | 'RESELLER';
  readonly distributorId: string | null;
  readonly contactEmail: string;
  readonly agreement: {
    readonly startDate: LocalDate;
    readonly endDate: LocalDate;
    readonly commissionRatePercent: string;
  };
  readonly account: AccountStory;
}

/** Stories that are told and stored together. The first batch holds the partners, the others accounts. */
export interface StoryBatch {
  readonly index: number;
  readonly partners: readonly PartnerStory[];
  readonly accounts: readonly AccountStory[];
}

import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';

/** What the subscription is for. */
export interface Deployment {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name: string;
}

/** What was agreed for one product. `unitPrice` is decimal text in major units, for one price period. */
export interface SubscriptionItem {
  readonly productCode: string;
  readonly productKind: 'PLAN' | 'ADD_ON';
  readonly quantity: number;
  readonly unitPrice: string;
  readonly pricePeriod: PricePeriod;
  /** How often it is billed. */
  readonly billingPeriod: PricePeriod;
}

/** From the first day up to, not including, the end. `months` is null for a trial, which is counted in days. */
export interface Term {
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  readonly months: number | null;
}

export const versionCauses = ['ORDER', 'AUTO_RENEWAL', 'RECONCILIATION', 'DUNNING', 'TRIAL_END'] as const;
export type VersionCause = (typeof versionCauses)[number];

/** Everything that may change of a subscription, as it was agreed at one moment. */
export interface Agreement {
  readonly accountId: string;
  readonly invoiceOwnerAccountId: string;
  readonly partnerOfRecordId: string | null;
  readonly distributorId: string | null;
  /** The account's: its local day decides the status. */
  readonly billingTimeZone: string;
  readonly trial: boolean;
  readonly autoRenewal: boolean;
  readonly term: Term;
  /** The first day on which it no longer holds, when it was ended before its term. */
  readonly canceledOn: LocalDate | null;
  /** Exactly one plan, and its add-ons. */
  readonly items: readonly SubscriptionItem[];
}

/** One entry of a subscription's history: what was agreed, when, by whom and why. Never changed. */
export interface SubscriptionVersion extends Agreement {
  /** From 1, without gaps. */
  readonly version: number;
  readonly cause: VersionCause;
  readonly orderId: string | null;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  /** The day from which it holds. */
  readonly effectiveOn: LocalDate;
}

/** What never changes of a subscription. */
export interface SubscriptionIdentity {
  readonly id: string;
  /** For people: S-00001234. */
  readonly number: string;
  readonly deployment: Deployment;
  readonly currency: CurrencyCode;
}

/** A subscription that an order creates; its number is given when it is stored. */
export interface NewSubscription extends Omit<SubscriptionIdentity, 'number'> {
  readonly first: SubscriptionVersion;
}

/** A subscription as it stands: its head is the newest version of its history. */
export interface BillingSubscription extends SubscriptionIdentity {
  readonly head: SubscriptionVersion;
}

/** The head of a history, in whatever order the versions come. Throws a RangeError when there is none. */
export function headOf(history: readonly SubscriptionVersion[]): SubscriptionVersion {
  const [first, ...others] = history;
  if (first === undefined) throw new RangeError('A subscription has at least one version');
  return others.reduce((newest, version) => (version.version > newest.version ? version : newest), first);
}

/** The plan among the items. Throws a RangeError when there is none: no such version is ever recorded. */
export function planOf(items: readonly SubscriptionItem[]): SubscriptionItem {
  const plan = items.find((item) => item.productKind === 'PLAN');
  if (plan === undefined) throw new RangeError('A subscription has a plan');
  return plan;
}

/** True when a partner pays and not the account that uses it. */
export function isPartnerSale(agreement: Pick<Agreement, 'accountId' | 'invoiceOwnerAccountId'>): boolean {
  return agreement.accountId !== agreement.invoiceOwnerAccountId;
}

/** The number of a subscription for people. */
export function subscriptionNumber(sequence: bigint): string {
  return `S-${sequence.toString().padStart(8, '0')}`;
}

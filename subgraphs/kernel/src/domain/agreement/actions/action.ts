import type { LocalDate } from '../../calendar.js';
import type { RecurringPeriod } from '../../billing/unit-price.js';
import type { AgreedItem, Agreement } from '../agreement.js';

/** From when a change holds: from the order's day, or from the first day of the next term. */
export const changeTimes = ['NOW', 'RENEWAL'] as const;
export type ChangeTime = (typeof changeTimes)[number];

/** Creates a subscription as it was agreed. */
export interface CreateSubscription {
  readonly kind: 'CREATE_SUBSCRIPTION';
  readonly agreement: Agreement;
}

/** Adds an add-on. It ends with the plan, and is charged for the rest of the term. */
export interface AddProduct {
  readonly kind: 'ADD_PRODUCT';
  readonly item: AgreedItem;
}

/** Changes the quantity of the plan or an add-on, at the agreed price. */
export interface ChangeQuantity {
  readonly kind: 'CHANGE_QUANTITY';
  readonly productCode: string;
  readonly quantity: number;
  readonly when: ChangeTime;
}

/** Puts another plan in the place of the plan. */
export interface ChangePlan {
  readonly kind: 'CHANGE_PLAN';
  readonly item: AgreedItem;
  /** What it is depends on the price list, so the order says it. */
  readonly direction: 'UPGRADE' | 'DOWNGRADE';
  readonly when: ChangeTime;
}

/** Removes an add-on. */
export interface RemoveProduct {
  readonly kind: 'REMOVE_PRODUCT';
  readonly productCode: string;
  readonly when: ChangeTime;
}

/** Begins the next term, on the day on which the present one ends. */
export interface Renew {
  readonly kind: 'RENEW';
  /** The length of the next term; as agreed with null. */
  readonly termMonths: number | null;
  /** Quantities that differ in the next term. */
  readonly quantities: readonly { readonly productCode: string; readonly quantity: number }[];
}

/** Stops use and charges from the order's day on, until it is resumed. */
export interface Suspend {
  readonly kind: 'SUSPEND';
}

/** Ends a suspension. The term ends when it would have. */
export interface Resume {
  readonly kind: 'RESUME';
}

/** Ends it on a day: the order's, a later one, or the end of the term. What was billed beyond it is credited. */
export interface Cancel {
  readonly kind: 'CANCEL';
  /** The first day on which it no longer holds; the end of the term with null. */
  readonly on: LocalDate | null;
}

/** Gives it to another account. What was billed stays with the one who was billed. */
export interface TransferOwner {
  readonly kind: 'TRANSFER_OWNER';
  readonly accountId: string;
}

/** Changes what was agreed besides products. What is null stays. */
export interface ChangeTerms {
  readonly kind: 'CHANGE_TERMS';
  /** The length of the present term, from its first day. */
  readonly termMonths: number | null;
  readonly autoRenewal: boolean | null;
  readonly billingPeriod: RecurringPeriod | null;
  readonly upliftPercent: string | null;
  readonly decreaseAtOnce: boolean | null;
}

/** Makes a trial end later. */
export interface ExtendTrial {
  readonly kind: 'EXTEND_TRIAL';
  /** The first day that no longer belongs to it. */
  readonly endDate: LocalDate;
}

/** Makes a trial a paid subscription from the order's day on. */
export interface ConvertTrial {
  readonly kind: 'CONVERT_TRIAL';
  readonly termMonths: number;
  readonly autoRenewal: boolean;
  /** The day from which billing periods are counted. */
  readonly billingAnchor: LocalDate;
}

/** What an order does to the agreement of one subscription, with every price frozen. */
export type AgreementAction =
  | CreateSubscription
  | AddProduct
  | ChangeQuantity
  | ChangePlan
  | RemoveProduct
  | Renew
  | Suspend
  | Resume
  | Cancel
  | TransferOwner
  | ChangeTerms
  | ExtendTrial
  | ConvertTrial;

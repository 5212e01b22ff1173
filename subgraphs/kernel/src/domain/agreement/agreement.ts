import type { ProrationPolicyName } from '../billing/proration.js';
import type { PricePeriod, RecurringPeriod } from '../billing/unit-price.js';
import type { LocalDate } from '../calendar.js';
import type { CurrencyCode } from '../currencies.js';

/** Something off the unit price of one item: "12.5" per cent of it, or "3.00" of it, for each unit and price period. */
export interface Discount {
  readonly kind: 'PERCENT' | 'AMOUNT';
  readonly value: string;
  /** True when it also holds for the terms after the one in which it was agreed. */
  readonly renews: boolean;
}

/** What was agreed for one product. A subscription has each product once. */
export interface AgreedItem {
  readonly productCode: string;
  readonly productName: string;
  readonly productKind: 'PLAN' | 'ADD_ON';
  /** Units, a positive whole number. */
  readonly quantity: number;
  /** Decimal text in major units, before the discount. */
  readonly unitPrice: string;
  readonly pricePeriod: PricePeriod;
  readonly discount: Discount | null;
}

/** From the first day up to, not including, the end. `months` is null for a trial, which is counted in days. */
export interface Term {
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  readonly months: number | null;
}

/** How it is billed: in advance, each period at once. */
export interface Billing {
  readonly period: RecurringPeriod;
  /** The day from which billing periods are counted: the first day, or the first day of a calendar period. */
  readonly anchor: LocalDate;
  readonly policy: ProrationPolicyName;
}

/** A change that waits for the next term. There is one for each product at most; a newer one replaces it. */
export type PlannedChange =
  | { readonly kind: 'QUANTITY'; readonly productCode: string; readonly quantity: number }
  | { readonly kind: 'REMOVAL'; readonly productCode: string }
  | { readonly kind: 'PLAN'; readonly productCode: string; readonly item: AgreedItem };

/** What happens at the end of the term. */
export interface RenewalTerms {
  readonly automatic: boolean;
  /** The length of the next term. */
  readonly termMonths: number;
  /** Per cent by which unit prices rise with each term, decimal text: "0", "3.5". */
  readonly upliftPercent: string;
  /** What changes then. `productCode` of a planned plan is the plan that it replaces. */
  readonly planned: readonly PlannedChange[];
}

/** What the contract lets the customer do within a term. */
export interface SubscriptionTerms {
  /** Fewer seats, a smaller plan or a product less at once, with credit, and not only for the next term. */
  readonly decreaseAtOnce: boolean;
}

/**
 * Everything that was agreed for one subscription, from some day on. Pure data: the same agreement, day and action give
 * the same charges in every service. Its identity and its parties stand elsewhere.
 */
export interface Agreement {
  readonly currency: CurrencyCode;
  readonly term: Term;
  /** A trial costs nothing. At its end it ends, or becomes paid when `renewal.automatic` is true. */
  readonly trial: boolean;
  readonly billing: Billing;
  readonly renewal: RenewalTerms;
  readonly subscriptionTerms: SubscriptionTerms;
  /** Exactly one plan, and its add-ons. */
  readonly items: readonly AgreedItem[];
  /** The first day of a suspension that goes on: nothing is used and nothing is charged from it on. */
  readonly suspendedOn: LocalDate | null;
  /** The first day on which it no longer holds, when it was ended by somebody: at most the end of the term. */
  readonly canceledOn: LocalDate | null;
}

/** The plan among the items. Throws a RangeError when there is none: no such agreement is ever made. */
export function planOf<Item extends Pick<AgreedItem, 'productKind'>>(items: readonly Item[]): Item {
  const plan = items.find((item) => item.productKind === 'PLAN');
  if (plan === undefined) throw new RangeError('A subscription has a plan');
  return plan;
}

/** The item of a product, if there is one. */
export function itemOf<Item extends Pick<AgreedItem, 'productCode'>>(
  items: readonly Item[],
  productCode: string,
): Item | undefined {
  return items.find((item) => item.productCode === productCode);
}

/** The first day on which nothing of it holds: the day of its cancellation, or the end of its term. */
export function endOf({ term, canceledOn }: Pick<Agreement, 'term' | 'canceledOn'>): LocalDate {
  return canceledOn !== null && canceledOn < term.endDate ? canceledOn : term.endDate;
}

/** True when two items cost the same for the same days. */
export function sameItem(left: AgreedItem, right: AgreedItem): boolean {
  return (
    left.productCode === right.productCode &&
    left.quantity === right.quantity &&
    left.unitPrice === right.unitPrice &&
    left.pricePeriod === right.pricePeriod &&
    left.discount?.kind === right.discount?.kind &&
    left.discount?.value === right.discount?.value
  );
}

import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { derivedId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';

/** A plan is the base of a subscription; an add-on comes with one and ends with it. */
export type ProductKind = 'PLAN' | 'ADD_ON';

export type FeatureKind = 'ON_OFF' | 'LIMIT' | 'METERED_ALLOWANCE';

/** What a product unlocks. */
export interface ProductFeature {
  readonly key: string;
  readonly name: string;
  readonly kind: FeatureKind;
  /** A limit: the highest number, null for none. An allowance: the quantity of a month or of a pack. Null for on/off. */
  readonly quantity: number | null;
  /** An allowance of a plan: whether it may be exceeded. It may not where nothing is said. */
  readonly overage?: 'ALLOWED' | 'BLOCKED';
}

/** What a price counts: users, packs of compute minutes, packs of gigabytes. */
export type PriceUnit = 'USER' | 'COMPUTE_MINUTES' | 'STORAGE_GB';

/** A list price. It holds from `validFrom` up to, not including, `validUntil`. */
export interface Price {
  /** Decimal text in major units for one unit and one price period. */
  readonly unitPrice: string;
  readonly currency: CurrencyCode;
  readonly unit: PriceUnit;
  /** How many of the counted things one unit holds. */
  readonly unitSize: number;
  readonly pricePeriod: PricePeriod;
  readonly billingPeriod: PricePeriod;
  readonly validFrom: LocalDate;
  readonly validUntil: LocalDate | null;
  /** The published price list that it was taken from. */
  readonly source: string;
}

/** Something on the price list. */
export interface Product {
  readonly code: string;
  readonly name: string;
  readonly kind: ProductKind;
  readonly description: string;
  /** Plans alone: the place in the line from small to large. */
  readonly rank: number | null;
  readonly minimumQuantity: number;
  readonly deploymentKinds: readonly DeploymentKind[];
  /** False for what everybody has without an order: the free plan. */
  readonly orderable: boolean;
  readonly features: readonly ProductFeature[];
  readonly prices: readonly Price[];
}

/** The price of a product in a currency on a day; null when there is none. */
export function priceOn(product: Product, currency: CurrencyCode, day: LocalDate): Price | null {
  return product.prices.find((price) => price.currency === currency && holdsOn(price, day)) ?? null;
}

/** The prices that hold on a day, one for each currency. */
export function pricesOn(product: Product, day: LocalDate): Price[] {
  return product.prices.filter((price) => holdsOn(price, day));
}

/** A product is on sale while one of its prices holds: it leaves the list when its last price ends. */
export function isOnSale(product: Product, day: LocalDate): boolean {
  return pricesOn(product, day).length > 0;
}

/** The same product, currency and first day always make the same id. */
export function priceId(productCode: string, price: Pick<Price, 'currency' | 'validFrom'>): string {
  return derivedId('price', productCode, price.currency, price.validFrom);
}

function holdsOn(price: Price, day: LocalDate): boolean {
  const started = compareDates(price.validFrom, day) <= 0;
  return started && (price.validUntil === null || compareDates(day, price.validUntil) < 0);
}

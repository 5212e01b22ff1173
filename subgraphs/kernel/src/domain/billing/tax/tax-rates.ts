import type { LocalDate } from '../../calendar.js';
import type { Result } from '../../result.js';

/** How a product is taxed: at the standard rate as a service supplied electronically (all that we sell today), or not at all. */
export const taxCategories = ['STANDARD', 'EXEMPT'] as const;
export type TaxCategory = (typeof taxCategories)[number];

/**
 * Why a rate is what it is.
 * DOMESTIC: seller and buyer are in one country, which taxes the sale.
 * DESTINATION: the buyer's country taxes a sale to a consumer, and the seller is registered for that.
 * REVERSE_CHARGE: the buyer, a business in the European Union, owes the tax to its own country; none is charged.
 * EXPORT: sold to a business outside the seller's country and outside the European Union; none is charged.
 * NOT_REGISTERED: the seller collects no tax where the sale is taxable; none is charged.
 * EXEMPT: the product is not taxed.
 */
export const taxReasons = [
  'DOMESTIC',
  'DESTINATION',
  'REVERSE_CHARGE',
  'EXPORT',
  'NOT_REGISTERED',
  'EXEMPT',
] as const;
export type TaxReason = (typeof taxReasons)[number];

/** Who sells what to whom, and when: all that decides on a rate. */
export interface TaxableSale {
  /** The company of ours that sells: 'US' or 'EU'. */
  readonly legalEntityCode: string;
  /** Of the invoice owner, ISO 3166-1 alpha-2, in capitals. */
  readonly buyerCountryCode: string;
  /** False for a consumer. Every account is a business unless it is told otherwise. */
  readonly buyerIsBusiness: boolean;
  readonly taxCategory: TaxCategory;
  /** The day of the document, or the day on which a preview is made. A credit takes the rate of the charge that it gives back. */
  readonly on: LocalDate;
}

export interface TaxRate {
  /** Per cent, as canonical decimal text: "21", "8.1", and "0" where nothing is charged. */
  readonly rate: string;
  /** Whose tax it is: an ISO 3166-1 country, or a 3166-2 part of one where a provider knows it. */
  readonly jurisdiction: string;
  readonly reason: TaxReason;
}

/** SELLER_UNKNOWN: no such legal entity. RATE_UNKNOWN: tax is due, and no rate is known for the country and day. */
export type TaxRefusal = 'SELLER_UNKNOWN' | 'RATE_UNKNOWN';

/**
 * The tax port. It is asked once for each sale, before anything is written; the rate is kept with the line, which `taxLine` then
 * computes wherever it is needed. A promise, so that a tax provider can answer; one that cannot be reached rejects.
 */
export interface TaxRates {
  rateFor(sale: TaxableSale): Promise<Result<TaxRate, TaxRefusal>>;
}

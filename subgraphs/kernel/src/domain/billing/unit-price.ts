import { type CurrencyCode } from '../currencies.js';
import { type Decimal, decimal, type Fraction } from '../decimal.js';
import { type PeriodLength } from '../period.js';
import { assertNever } from '../result.js';

/** A period of prices and of bills: the same names as on the graph and in events. */
export const pricePeriods = ['MONTH', 'YEAR', 'ONE_TIME'] as const;
export type PricePeriod = (typeof pricePeriods)[number];

/** A period that comes again. */
export type RecurringPeriod = Exclude<PricePeriod, 'ONE_TIME'>;

/** What one unit costs for one price period. "29.00" a month may well be billed by the year. */
export interface UnitPrice {
  /** Decimal text in major units; may carry more digits than the currency. Negative for a discount. */
  readonly unitPrice: string;
  readonly currency: CurrencyCode;
  readonly pricePeriod: PricePeriod;
}

/** The price as an exact number. Throws a RangeError when the text is not a decimal number. */
export function unitPriceValue(price: UnitPrice): Decimal {
  return decimal(price.unitPrice);
}

/** How long a recurring period is: 1 or 12 months. */
export function periodLength(period: RecurringPeriod): PeriodLength & { readonly months: number } {
  switch (period) {
    case 'MONTH':
      return { months: 1 };
    case 'YEAR':
      return { months: 12 };
    default:
      return assertNever(period);
  }
}

/** How many price periods one billing period has: 12 months in a year, and a twelfth of a year in a month. */
export function pricePeriodsIn(billing: RecurringPeriod, price: RecurringPeriod): Fraction {
  return {
    numerator: BigInt(periodLength(billing).months),
    denominator: BigInt(periodLength(price).months),
  };
}

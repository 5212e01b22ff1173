import { type CurrencyCode } from '../currencies.js';
import { type Decimal, decimal, type Fraction } from '../decimal.js';
import { type PeriodLength } from '../period.js';

/** A period of prices: the same names as on the graph and in events. */
export const pricePeriods = ['WEEK', 'MONTH', 'YEAR', 'ONE_TIME'] as const;
export type PricePeriod = (typeof pricePeriods)[number];

/** A period of bills: what is billed at once, in advance. ONE_TIME belongs to prices that do not come again. */
export const billingPeriods = [
  'WEEK',
  'MONTH',
  'QUARTER',
  'HALF_YEAR',
  'YEAR',
  'TWO_YEARS',
  'THREE_YEARS',
  'FIVE_YEARS',
  'ONE_TIME',
] as const;
export type BillingPeriod = (typeof billingPeriods)[number];

/** A period that comes again. */
export type RecurringPeriod = Exclude<BillingPeriod, 'ONE_TIME'>;

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

/** Months of each period that is counted in months. A week is counted in days. */
const monthsOf: Readonly<Record<Exclude<RecurringPeriod, 'WEEK'>, number>> = {
  MONTH: 1,
  QUARTER: 3,
  HALF_YEAR: 6,
  YEAR: 12,
  TWO_YEARS: 24,
  THREE_YEARS: 36,
  FIVE_YEARS: 60,
};

/** How long a recurring period is: 7 days, or 1 to 60 months. */
export function periodLength(period: RecurringPeriod): PeriodLength {
  return period === 'WEEK' ? { days: 7 } : { months: monthsOf[period] };
}

/** A year is billed as 52 weeks or 12 months, so a week of a monthly price is 12/52 of it. */
const yearlyParts = { weeks: 52n, months: 12n } as const;

/** How many price periods one billing period has: 12 months in a year, and a twelfth of a year in a month. */
export function pricePeriodsIn(billing: RecurringPeriod, price: Exclude<PricePeriod, 'ONE_TIME'>): Fraction {
  if (billing === price) return { numerator: 1n, denominator: 1n };
  const share = shareOfYear(billing);
  const priced = shareOfYear(price);
  return {
    numerator: share.numerator * priced.denominator,
    denominator: share.denominator * priced.numerator,
  };
}

function shareOfYear(period: RecurringPeriod): Fraction {
  return period === 'WEEK'
    ? { numerator: 1n, denominator: yearlyParts.weeks }
    : { numerator: BigInt(monthsOf[period]), denominator: yearlyParts.months };
}

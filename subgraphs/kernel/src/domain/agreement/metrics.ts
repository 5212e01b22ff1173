import { ratePeriods } from '../billing/rating.js';
import { pricePeriodsIn } from '../billing/unit-price.js';
import { type LocalDate } from '../calendar.js';
import { currencies } from '../currencies.js';
import { powerOfTen, roundDivide, decimal } from '../decimal.js';
import { type Money, money, subtract, sum } from '../money.js';
import { isEmptyPeriod } from '../period.js';
import { type AgreedItem, type Agreement, endOf } from './agreement.js';
import { discountUnitPrice } from './discount.js';

/** What a contract is worth: each month, each year, and for what is left of its term. */
export interface AgreementValue {
  /** Monthly recurring revenue: the items that come again, for a month, less discounts. */
  readonly mrr: Money;
  /** Annual recurring revenue: the same for a year. */
  readonly arr: Money;
  /** Total contract value: everything that is charged from a day to the end of the term. */
  readonly tcv: Money;
}

/**
 * The value of an agreement from a day on. A trial, a suspension, and what is to end bring nothing that recurs.
 * Case F67: 10 units at 5 USD a month for 12 months are MRR 50 and TCV 600.
 */
export function valueOf(agreement: Agreement, from: LocalDate): AgreementValue {
  return {
    mrr: recurringIn('MONTH', agreement),
    arr: recurringIn('YEAR', agreement),
    tcv: contractValue(agreement, from),
  };
}

/** By how much a change moves the monthly recurring revenue of a contract: the same as `valueChange` says, with less work. */
export function monthlyChange(before: Agreement | null, after: Agreement): Money {
  const now = recurringIn('MONTH', after);
  return before === null ? now : subtract(now, recurringIn('MONTH', before));
}

function recurringIn(period: 'MONTH' | 'YEAR', agreement: Agreement): Money {
  const recurs = !agreement.trial && agreement.suspendedOn === null && agreement.canceledOn === null;
  const values = recurs ? agreement.items.map((item) => recurringValue(agreement, item, period)) : [];
  return sum(values, agreement.currency);
}

/** By how much a change moves the value of a contract from its day on. */
export function valueChange(before: Agreement | null, after: Agreement, on: LocalDate): AgreementValue {
  const now = valueOf(after, on);
  if (before === null) return now;
  const then = valueOf(before, on);
  return {
    mrr: subtract(now.mrr, then.mrr),
    arr: subtract(now.arr, then.arr),
    tcv: subtract(now.tcv, then.tcv),
  };
}

function recurringValue(agreement: Agreement, item: AgreedItem, period: 'MONTH' | 'YEAR'): Money {
  if (item.pricePeriod === 'ONE_TIME') return money(0n, agreement.currency);
  const { numerator, denominator } = pricePeriodsIn(period, item.pricePeriod);
  const units = pricesOf(item).reduce((total, price) => {
    const { units: value, scale } = decimal(price);
    return total + value * powerOfTen(18 - scale);
  }, 0n);
  const exponent = powerOfTen(currencies[agreement.currency]);
  const minor = roundDivide(
    units * BigInt(item.quantity) * numerator * exponent,
    denominator * powerOfTen(18),
  );
  return money(minor, agreement.currency);
}

function contractValue(agreement: Agreement, from: LocalDate): Money {
  const { term, trial, suspendedOn, billing, currency } = agreement;
  const start = from > term.startDate ? from : term.startDate;
  const servicePeriod = { start, end: endOf(agreement) };
  if (trial || suspendedOn !== null || isEmptyPeriod(servicePeriod)) return money(0n, currency);
  const charges = agreement.items.flatMap((item) =>
    pricesOf(item).flatMap((unitPrice) =>
      ratePeriods({
        unitPrice,
        currency,
        pricePeriod: item.pricePeriod,
        billingPeriod: billing.period,
        quantity: item.quantity,
        anchor: billing.anchor,
        servicePeriod,
        policy: billing.policy,
      }),
    ),
  );
  return sum(
    charges.map(({ amount }) => amount),
    currency,
  );
}

function pricesOf(item: AgreedItem): string[] {
  const off = discountUnitPrice(item);
  return off === null ? [item.unitPrice] : [item.unitPrice, off];
}

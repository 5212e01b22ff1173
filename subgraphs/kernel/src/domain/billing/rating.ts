import { type LocalDate } from '../calendar.js';
import { currencies } from '../currencies.js';
import { type Fraction, formatFraction, powerOfTen, roundDivide } from '../decimal.js';
import { type Money, money } from '../money.js';
import { isEmptyPeriod, type LocalPeriod, partsByAnchor, type PeriodPart, samePeriod } from '../period.js';
import { type ProrationInput, type ProrationPolicyName, prorationRatio } from './proration.js';
import {
  type BillingPeriod,
  periodLength,
  type PricePeriod,
  pricePeriodsIn,
  type RecurringPeriod,
  type UnitPrice,
  unitPriceValue,
} from './unit-price.js';

/** Everything that a charge depends on. Nothing else does: the same input gives the same amount in every service. */
export interface RatingInput extends UnitPrice {
  /** What is billed at once. It must come again when the price does; a ONE_TIME price ignores it. */
  readonly billingPeriod: BillingPeriod;
  /** Units, a positive whole number. */
  readonly quantity: number;
  /** The day from which billing periods are counted. */
  readonly anchor: LocalDate;
  /** The days to charge for. */
  readonly servicePeriod: LocalPeriod;
  readonly policy: ProrationPolicyName;
  /** See ProrationInput: PER_SECOND alone asks for these. */
  readonly timeZone?: string;
  readonly instants?: { readonly start: Date; readonly end: Date };
}

/** One line: what it costs, and why. The names are those of `chargePayload` in the event contracts. */
export interface RatedCharge {
  readonly quantity: number;
  readonly unitPrice: string;
  readonly pricePeriod: PricePeriod;
  readonly serviceStart: LocalDate;
  readonly serviceEnd: LocalDate;
  /** Decimal text of up to 9 digits for showing; "1" for a whole billing period. The amount was made from the exact ratio. */
  readonly prorationRatio: string;
  readonly prorationPolicy: ProrationPolicyName;
  readonly amount: Money;
}

export type RatingErrorCode =
  | 'QUANTITY_NOT_POSITIVE'
  | 'EMPTY_SERVICE_PERIOD'
  | 'SEVERAL_BILLING_PERIODS'
  | 'RECURRING_PRICE_BILLED_ONCE';

/** A charge that cannot be rated: callers check what they take from clients before. */
export class RatingError extends Error {
  override readonly name = 'RatingError';
  constructor(
    readonly code: RatingErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const wholeRatio: Fraction = { numerator: 1n, denominator: 1n };

/**
 * The charge for service within one billing period:
 * unit price x price periods in a billing period x quantity x ratio, rounded once, half away from zero, to the minor unit.
 * A whole billing period is not prorated, whatever the policy. Throws a RatingError.
 */
export function rateCharge(input: RatingInput): RatedCharge {
  const [charge, ...others] = ratePeriods(input);
  if (charge === undefined) throw new RatingError('EMPTY_SERVICE_PERIOD', 'The service period has no day');
  if (others.length > 0) {
    const { start, end } = input.servicePeriod;
    throw new RatingError('SEVERAL_BILLING_PERIODS', `${start} to ${end} is more than one billing period`);
  }
  return charge;
}

/**
 * One charge for each billing period that the service touches, each rounded by itself; none for an empty service period.
 * A ONE_TIME price gives one charge for the whole service. Throws a RatingError.
 */
export function ratePeriods(input: RatingInput): RatedCharge[] {
  if (!Number.isSafeInteger(input.quantity) || input.quantity < 1) {
    throw new RatingError('QUANTITY_NOT_POSITIVE', `Not a positive whole number: ${input.quantity}`);
  }
  if (isEmptyPeriod(input.servicePeriod)) return [];
  if (input.pricePeriod === 'ONE_TIME') return [charge(input, input.servicePeriod, wholeRatio, wholeRatio)];
  if (input.billingPeriod === 'ONE_TIME') {
    throw new RatingError(
      'RECURRING_PRICE_BILLED_ONCE',
      `A price per ${input.pricePeriod} must be billed again`,
    );
  }
  const periods = pricePeriodsIn(input.billingPeriod, input.pricePeriod);
  return billingParts(input, input.billingPeriod).map((part) =>
    charge(input, part, periods, partRatio(input, part)),
  );
}

function billingParts(input: RatingInput, billingPeriod: RecurringPeriod): PeriodPart[] {
  return partsByAnchor(input.servicePeriod, input.anchor, periodLength(billingPeriod));
}

function partRatio(input: RatingInput, part: PeriodPart): Fraction {
  const { timeZone, instants } = input;
  if (samePeriod(part, part.whole) && instants === undefined) return wholeRatio;
  const prorated: ProrationInput = {
    service: part,
    whole: part.whole,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(instants === undefined ? {} : { instants }),
  };
  return prorationRatio(input.policy, prorated);
}

function charge(input: RatingInput, service: LocalPeriod, periods: Fraction, ratio: Fraction): RatedCharge {
  const price = unitPriceValue(input);
  const numerator = price.units * BigInt(input.quantity) * periods.numerator * ratio.numerator;
  const denominator = powerOfTen(price.scale) * periods.denominator * ratio.denominator;
  const minor = roundDivide(numerator * powerOfTen(currencies[input.currency]), denominator);
  return {
    quantity: input.quantity,
    unitPrice: input.unitPrice,
    pricePeriod: input.pricePeriod,
    serviceStart: service.start,
    serviceEnd: service.end,
    prorationRatio: formatFraction(ratio),
    prorationPolicy: input.policy,
    amount: money(minor, input.currency),
  };
}

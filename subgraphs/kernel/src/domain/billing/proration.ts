import { addDays, compareDates, dateParts, endOfMonth, type LocalDate, startOfDay } from '../calendar.js';
import { type Fraction } from '../decimal.js';
import { type AnchoredPeriod, containsPeriod, daysIn, isEmptyPeriod, type LocalPeriod } from '../period.js';

/** The named ways to charge for a part of a period. Which one holds is agreed per order; ACTUAL_DAYS unless said otherwise. */
export const prorationPolicyNames = [
  'ACTUAL_DAYS',
  'FIXED_30',
  'STRICT_30_360',
  'INCLUSIVE_DAYS',
  'PER_SECOND',
] as const;
export type ProrationPolicyName = (typeof prorationPolicyNames)[number];

/** A part of a period, to be set against the whole. */
export interface ProrationInput {
  /** The days of service: within `whole`, not empty. */
  readonly service: LocalPeriod;
  /** The anchored period of the price as it is billed. */
  readonly whole: AnchoredPeriod;
  /** The billing time zone; PER_SECOND alone asks for it. UTC (where each day has 86,400 seconds) when left out. */
  readonly timeZone?: string;
  /** The exact instants of the service, for PER_SECOND alone, cut to its days; the bounds of its days when left out. */
  readonly instants?: { readonly start: Date; readonly end: Date };
}

export interface ProrationPolicy {
  readonly name: ProrationPolicyName;
  /** The exact share of the whole period, from 0 to 1; not reduced, so that it can be read. */
  ratio(input: ProrationInput): Fraction;
  /** The first day on which a change asked for on `date` takes effect: what was before is charged up to that day. */
  effectiveFrom(date: LocalDate): LocalDate;
}

const sameDay = (date: LocalDate): LocalDate => date;

/** Calendar days of the service over calendar days of the whole period. */
const actualDays: ProrationPolicy = {
  name: 'ACTUAL_DAYS',
  ratio: ({ service, whole }) => ({
    numerator: BigInt(daysIn(service)),
    denominator: BigInt(daysIn(whole)),
  }),
  effectiveFrom: sameDay,
};

/** Calendar days of the service over 30 days a month; a part never costs more than the whole. Weeks keep their own days. */
const fixed30: ProrationPolicy = {
  name: 'FIXED_30',
  ratio: ({ service, whole }) => {
    const denominator = nominalDays(whole);
    return { numerator: smaller(BigInt(daysIn(service)), denominator), denominator };
  },
  effectiveFrom: sameDay,
};

/** Every month has 30 days and every year 360, in the part and in the whole. Weeks keep their own days. */
const strict30: ProrationPolicy = {
  name: 'STRICT_30_360',
  ratio: ({ service, whole }) => {
    if ('days' in whole.length) return actualDays.ratio({ service, whole });
    const { day } = dateParts(whole.anchor);
    return {
      numerator: BigInt(dayNumber360(service.end, day) - dayNumber360(service.start, day)),
      denominator: nominalDays(whole),
    };
  },
  effectiveFrom: sameDay,
};

/** Like ACTUAL_DAYS, but the day of a change counts as used: the change takes effect on the day after. */
const inclusiveDays: ProrationPolicy = {
  name: 'INCLUSIVE_DAYS',
  ratio: (input) => actualDays.ratio(input),
  effectiveFrom: (date) => addDays(date, 1),
};

/** Seconds of the service over seconds of the whole period; a day on which clocks change is shorter or longer. */
const perSecond: ProrationPolicy = {
  name: 'PER_SECOND',
  ratio: ({ service, whole, timeZone = 'UTC', instants }) => {
    const days = seconds(service, timeZone);
    const period = seconds(whole, timeZone);
    const start = instants ? Math.max(days.start, wholeSeconds(instants.start)) : days.start;
    const end = instants ? Math.min(days.end, wholeSeconds(instants.end)) : days.end;
    return {
      numerator: BigInt(Math.max(end - start, 0)),
      denominator: BigInt(period.end - period.start),
    };
  },
  effectiveFrom: sameDay,
};

export const prorationPolicies: Readonly<Record<ProrationPolicyName, ProrationPolicy>> = {
  ACTUAL_DAYS: actualDays,
  FIXED_30: fixed30,
  STRICT_30_360: strict30,
  INCLUSIVE_DAYS: inclusiveDays,
  PER_SECOND: perSecond,
};

/**
 * The share of a whole period that a part of it is, by the named policy.
 * Throws a RangeError when the part is empty or reaches outside the whole.
 */
export function prorationRatio(policy: ProrationPolicyName, input: ProrationInput): Fraction {
  if (isEmptyPeriod(input.service) || !containsPeriod(input.whole, input.service)) {
    const { service, whole } = input;
    throw new RangeError(`${service.start} to ${service.end} is no part of ${whole.start} to ${whole.end}`);
  }
  return prorationPolicies[policy].ratio(input);
}

/** What is left of a period when a change is asked for on `date`; null when nothing is left. */
export function remainingPeriod(
  policy: ProrationPolicyName,
  period: LocalPeriod,
  date: LocalDate,
): LocalPeriod | null {
  const effective = prorationPolicies[policy].effectiveFrom(date);
  const start = compareDates(effective, period.start) < 0 ? period.start : effective;
  const rest = { start, end: period.end };
  return isEmptyPeriod(rest) ? null : rest;
}

function nominalDays(whole: AnchoredPeriod): bigint {
  return 'months' in whole.length ? BigInt(whole.length.months * 30) : BigInt(daysIn(whole));
}

/**
 * The number of a day in a calendar of 30-day months. The last day of a month that is too short for the anchor's day stands
 * for that day, so that every month from anchor to anchor counts 30.
 */
function dayNumber360(date: LocalDate, anchorDay: number): number {
  const { year, month, day } = dateParts(date);
  const nominal = day < anchorDay && date === endOfMonth(date) ? anchorDay : day;
  return year * 360 + month * 30 + Math.min(nominal, 30);
}

function seconds(period: LocalPeriod, timeZone: string): { start: number; end: number } {
  return {
    start: wholeSeconds(startOfDay(period.start, timeZone)),
    end: wholeSeconds(startOfDay(period.end, timeZone)),
  };
}

function wholeSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

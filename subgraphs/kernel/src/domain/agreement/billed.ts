import { prorationPolicies } from '../billing/proration.js';
import { periodLength } from '../billing/unit-price.js';
import { compareDates, type LocalDate } from '../calendar.js';
import { anchoredPeriodContaining, type LocalPeriod } from '../period.js';
import type { Agreement } from './agreement.js';

/**
 * The first day that is not billed yet, when everything that is due by `today` has been billed. Bills come in advance, so it
 * is the end of the billing period that contains `today`, but never after the end of the term.
 * A trial bills nothing; a suspension and a cancellation stop it on their day, or on the day after where the policy counts the day
 * of a change as used.
 */
export function billedUntil(agreement: Agreement, today: LocalDate): LocalDate {
  const { trial, term, suspendedOn, canceledOn, billing } = agreement;
  if (trial) return term.startDate;
  const period = billingPeriodContaining(agreement, later(today, term.startDate));
  const policy = prorationPolicies[billing.policy];
  return [suspendedOn, canceledOn]
    .filter((day) => day !== null)
    .map((day) => policy.effectiveFrom(day))
    .reduce(earlier, earlier(period.end, term.endDate));
}

/** The whole billing period that contains a day, whether or not all of it lies in the term. */
export function billingPeriodContaining(
  { billing }: Pick<Agreement, 'billing'>,
  day: LocalDate,
): LocalPeriod {
  return anchoredPeriodContaining(billing.anchor, periodLength(billing.period), day);
}

/** The next billing period that is not billed when everything up to `billedThrough` is; null when nothing more comes. */
export function nextBillingPeriod(agreement: Agreement, billedThrough: LocalDate): LocalPeriod | null {
  const start = later(billedThrough, agreement.term.startDate);
  const end = billedUntil(agreement, start);
  return compareDates(start, end) < 0 ? { start, end } : null;
}

function earlier(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) <= 0 ? left : right;
}

function later(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) >= 0 ? left : right;
}

import { periodLength } from '../billing/unit-price.js';
import { compareDates, type LocalDate } from '../calendar.js';
import { anchoredPeriodContaining, type LocalPeriod } from '../period.js';
import { type Agreement, endOf } from './agreement.js';

/**
 * The first day that is not billed yet, when everything that is due by `today` has been billed. Bills come in advance, so it
 * is the end of the billing period that contains `today`, but never after the agreement's own end.
 * A trial bills nothing, and a suspension nothing from its first day on.
 */
export function billedUntil(agreement: Agreement, today: LocalDate): LocalDate {
  const { trial, term, suspendedOn, billing } = agreement;
  if (trial) return term.startDate;
  const day = later(today, term.startDate);
  const end = endOf(agreement);
  const stop = suspendedOn === null ? end : earlier(suspendedOn, end);
  return earlier(anchoredPeriodContaining(billing.anchor, periodLength(billing.period), day).end, stop);
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

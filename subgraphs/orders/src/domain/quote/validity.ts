import { addDays, compareDates, type LocalDate, startOfDay } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { type QuoteError, quoteError } from './errors.js';

/** How long a quote can be accepted when nobody says: today and the days after it. */
const usualDays = 30;
const mostDays = 365;

/** What decides on how long a quote may be valid. */
export interface ValiditySetting {
  /** In the account's billing time zone. */
  readonly today: LocalDate;
  /** The day that was asked for; null when the order is for the day on which it is placed. */
  readonly effectiveDate: LocalDate | null;
}

/**
 * The first day on which a quote can no longer be accepted: as asked for, else a month from today. An order cannot be placed
 * after the day that it is for, so the quote ends with that day.
 */
export function agreeValidity(
  validUntil: LocalDate | null,
  { today, effectiveDate }: ValiditySetting,
): Result<LocalDate, QuoteError> {
  const latest = latestEnd(today, effectiveDate);
  if (compareDates(latest, today) <= 0) {
    const message = 'A quote cannot be dated back: give a day from today on, or place the order.';
    return err(quoteError('EFFECTIVE_DATE_INVALID', ['effectiveDate'], message));
  }
  const end = validUntil ?? earlier(addDays(today, usualDays), latest);
  if (compareDates(end, today) > 0 && compareDates(end, latest) <= 0) return ok(end);
  const message = `\`validUntil\` must be from ${addDays(today, 1)} to ${latest}: it is the first day on which the quote cannot be accepted.`;
  return err(quoteError('INVALID_VALUE', ['validUntil'], message));
}

/** The instant at which a quote expires: the first of that day where its account is. */
export function expiryOf(validUntil: LocalDate, billingTimeZone: string): Date {
  return startOfDay(validUntil, billingTimeZone);
}

function latestEnd(today: LocalDate, effectiveDate: LocalDate | null): LocalDate {
  const latest = addDays(today, mostDays);
  return effectiveDate === null ? latest : earlier(latest, addDays(effectiveDate, 1));
}

function earlier(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) <= 0 ? left : right;
}

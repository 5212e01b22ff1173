import { addDays, addMonths, compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';

/** A term as far as its licenses go: from its first day up to, not including, its end. */
export interface LicensedTerm {
  readonly startsOn: LocalDate;
  readonly endsOn: LocalDate;
}

const monthsOfYear = 12;

/**
 * So many days before a license ends, the one of the year after is issued: administrators are told 30 days before an end
 * (`defaultNotices`), and of a term that goes on they should have the next license by then.
 */
export const reissueDaysBefore = 35;

/**
 * The year of a term that a day lies in, counted from the term's first day; the last one may be shorter. A day before the
 * term counts as its first day, a day after it as its last.
 */
export function licenseYear(term: LicensedTerm, day: LocalDate): LicensedTerm {
  let [startsOn, next] = [term.startsOn, addMonths(term.startsOn, monthsOfYear)];
  for (let year = 2; compareDates(next, day) <= 0 && compareDates(next, term.endsOn) < 0; year++) {
    [startsOn, next] = [next, addMonths(term.startsOn, year * monthsOfYear)];
  }
  return { startsOn, endsOn: compareDates(next, term.endsOn) < 0 ? next : term.endsOn };
}

/** The day (00:00 UTC) from which the license of the year after is due; null when the license ends with its term. */
export function nextIssueOn(term: LicensedTerm, licenseEndsOn: LocalDate): LocalDate | null {
  return compareDates(licenseEndsOn, term.endsOn) < 0 ? addDays(licenseEndsOn, -reissueDaysBefore) : null;
}

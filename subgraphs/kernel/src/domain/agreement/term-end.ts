import { addMonths, dateParts, type LocalDate } from '../calendar.js';
import type { Billing } from './agreement.js';

/**
 * The end of a term of some months that begins on `start`. Terms keep the day of the month on which the first of them began
 * (31 January, 28 February, 31 March): they are counted from the billing anchor where they begin with it, else from their own
 * first day.
 */
export function termEnd({ anchor }: Pick<Billing, 'anchor'>, start: LocalDate, months: number): LocalDate {
  const since = monthsBetween(anchor, start);
  const isAnchored = addMonths(anchor, since) === start;
  return isAnchored ? addMonths(anchor, since + months) : addMonths(start, months);
}

function monthsBetween(start: LocalDate, end: LocalDate): number {
  const from = dateParts(start);
  const to = dateParts(end);
  return (to.year - from.year) * 12 + to.month - from.month;
}

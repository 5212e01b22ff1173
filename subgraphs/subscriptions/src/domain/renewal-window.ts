import { addDays, compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';

/** How far ahead the list of renewals looks when it is not told. */
const daysAhead = 90;

/** The days on which terms end: from the first up to, not including, the second. Null is no limit. */
export interface RenewalWindow {
  readonly endsFrom: LocalDate | null;
  readonly endsBefore: LocalDate | null;
}

/** Which renewals are asked for: every condition that is not null must hold. */
export interface RenewalFilter {
  readonly window: RenewalWindow;
  readonly automatic: boolean | null;
  /** The partner of record. */
  readonly partnerId: string | null;
}

/** By the end of the term, or by seats. */
export type RenewalSort = 'TERM_END' | 'TERM_END_DESC' | 'QUANTITY_DESC';

/** The window that was asked for; without any day, from `today` 90 days ahead. */
export function renewalWindow(asked: RenewalWindow, today: LocalDate): Result<RenewalWindow, 'WINDOW_EMPTY'> {
  const { endsFrom, endsBefore } = asked;
  if (endsFrom === null && endsBefore === null) {
    return ok({ endsFrom: today, endsBefore: addDays(today, daysAhead) });
  }
  if (endsFrom !== null && endsBefore !== null && compareDates(endsFrom, endsBefore) >= 0) {
    return err('WINDOW_EMPTY');
  }
  return ok(asked);
}

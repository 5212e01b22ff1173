import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type StatusFacts, statusAt } from './status.js';
import { type Agreement, planOf } from './subscription.js';

/** What happens at the end of the current term. */
export interface Renewal {
  /** The first day of the next term. */
  readonly date: LocalDate;
  readonly automatic: boolean;
  /** Seats of the plan. */
  readonly quantity: number;
}

/** What will be renewed and when; null when it was canceled, for whichever day, or has ended. */
export function renewalAt(
  agreement: StatusFacts & Pick<Agreement, 'billingTimeZone' | 'autoRenewal' | 'items'>,
  instant: Date,
): Renewal | null {
  if (agreement.canceledOn !== null || statusAt(agreement, instant) === 'LAPSED') return null;
  return {
    date: agreement.term.endDate,
    automatic: agreement.autoRenewal,
    quantity: planOf(agreement.items).quantity,
  };
}

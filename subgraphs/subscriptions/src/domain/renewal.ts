import { type Agreement, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { nextTermItems } from '@fulfillment/kernel/domain/agreement/planned';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { statusAt } from './status.js';

/** What happens at the end of the current term. */
export interface Renewal {
  /** The first day of the next term. */
  readonly date: LocalDate;
  readonly automatic: boolean;
  /** Seats of the plan in the next term. */
  readonly quantity: number;
  readonly termMonths: number;
  readonly upliftPercent: string;
}

/** What will be renewed and when; null when it was canceled, for whichever day, or has lapsed. */
export function renewalAt(
  version: { readonly agreement: Agreement; readonly billingTimeZone: string },
  instant: Date,
): Renewal | null {
  const { agreement } = version;
  if (agreement.canceledOn !== null || statusAt(version, instant) === 'LAPSED') return null;
  const { term, renewal } = agreement;
  return {
    date: term.endDate,
    automatic: renewal.automatic,
    quantity: planOf(nextTermItems(agreement)).quantity,
    termMonths: renewal.termMonths,
    upliftPercent: renewal.upliftPercent,
  };
}

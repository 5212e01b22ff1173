import { compareDates, type LocalDate } from '../calendar.js';
import { err, type Result } from '../result.js';
import { applyAction } from './actions/index.js';
import { type Agreement, endOf } from './agreement.js';
import { alignmentOf, billingAnchor } from './alignment.js';
import type { AgreementRefusal } from './refusal.js';
import { agreementRefusal } from './refusal.js';

/** What a contract does by itself on the day on which its term ends. */
export type TermEnd = 'RENEWS' | 'CONVERTS' | 'ENDS';

/** What happens at the end of the term. A suspended subscription is not renewed: it lapses. */
export function termEndOf({ trial, renewal, canceledOn, suspendedOn }: Agreement): TermEnd {
  if (canceledOn !== null || suspendedOn !== null || !renewal.automatic) return 'ENDS';
  return trial ? 'CONVERTS' : 'RENEWS';
}

/** The agreement of the next term when the contract goes on by itself on `on`, the end of its term. */
export function continued(agreement: Agreement, on: LocalDate): Result<Agreement, AgreementRefusal> {
  switch (termEndOf(agreement)) {
    case 'RENEWS':
      return applyAction(agreement, { kind: 'RENEW', termMonths: null, quantities: [] }, on);
    case 'CONVERTS':
      return applyAction(agreement, conversion(agreement, on), on);
    case 'ENDS':
      return err(agreementRefusal('SUBSCRIPTION_ENDED', 'It is not renewed by itself.'));
  }
}

/** True when a trial or contract still has days from `day` on. */
export function stillHolds(agreement: Agreement, day: LocalDate): boolean {
  return compareDates(endOf(agreement), day) > 0;
}

function conversion(agreement: Agreement, on: LocalDate) {
  const { billing, renewal } = agreement;
  return {
    kind: 'CONVERT_TRIAL' as const,
    termMonths: renewal.termMonths,
    autoRenewal: renewal.automatic,
    billingAnchor: billingAnchor(alignmentOf(agreement), billing.period, on),
  };
}

import { compareDates, type LocalDate } from '../../calendar.js';
import { type Agreement, endOf } from '../agreement.js';
import { agreementRefusal, type AgreementRefusal } from '../refusal.js';

/** Why nothing can be done on a day, whatever it is: it ended, or its term has not begun. */
export function refuseOutsideTerm(agreement: Agreement, on: LocalDate): AgreementRefusal | null {
  const { term, canceledOn } = agreement;
  if (canceledOn !== null && compareDates(canceledOn, on) <= 0) {
    return agreementRefusal(
      'SUBSCRIPTION_ENDED',
      `It was canceled for ${canceledOn}; create a new subscription.`,
    );
  }
  if (compareDates(endOf(agreement), on) <= 0) {
    return agreementRefusal(
      'SUBSCRIPTION_ENDED',
      `Its term ended on ${term.endDate}; renew it for that day.`,
    );
  }
  if (compareDates(on, term.startDate) >= 0) return null;
  const message = `Give an \`effectiveDate\` from ${term.startDate} up to, not including, ${term.endDate}.`;
  return agreementRefusal('DATE_OUTSIDE_TERM', message);
}

/** Why products cannot be changed: outside the term, during a trial, during a suspension, or after notice was given. */
export function refuseProductChange(agreement: Agreement, on: LocalDate): AgreementRefusal | null {
  const outside = refuseOutsideTerm(agreement, on);
  if (outside !== null) return outside;
  if (agreement.trial) {
    return agreementRefusal('TRIAL_NOT_PAID', 'Convert the trial to a paid subscription first.');
  }
  if (agreement.suspendedOn !== null) {
    return agreementRefusal('SUBSCRIPTION_SUSPENDED', 'Resume the subscription first.');
  }
  if (agreement.canceledOn === null) return null;
  const message = `It is canceled for ${agreement.canceledOn}; create a new subscription for what is to go on.`;
  return agreementRefusal('SUBSCRIPTION_ENDED', message);
}

/** Why less cannot be had at once; null when the contract allows it. */
export function refuseDecrease({ subscriptionTerms, term }: Agreement): AgreementRefusal | null {
  if (subscriptionTerms.decreaseAtOnce) return null;
  const message = `The contract allows less only from ${term.endDate}, the next term: ask for it with \`when: RENEWAL\`.`;
  return agreementRefusal('DECREASE_NOT_ALLOWED', message, 'when');
}

import { compareDates, type LocalDate } from '../../calendar.js';
import { err, ok, type Result } from '../../result.js';
import type { Agreement } from '../agreement.js';
import { agreementRefusal, type AgreementRefusal } from '../refusal.js';
import { termEnd } from '../term-end.js';
import type { ChangeTerms } from './action.js';
import { refuseProductChange } from './conditions.js';

/**
 * Changes what was agreed besides products. A new length counts from the term's first day, and may not end the term in the
 * past. A new billing period begins at once: what is billed of the old one is credited.
 */
export function changeTerms(
  agreement: Agreement,
  action: ChangeTerms,
  on: LocalDate,
): Result<Agreement, AgreementRefusal> {
  const refusal = refuseProductChange(agreement, on);
  if (refusal !== null) return err(refusal);
  const { term, billing, renewal, subscriptionTerms } = agreement;
  const months = action.termMonths ?? term.months;
  const endDate =
    action.termMonths === null ? term.endDate : termEnd(billing, term.startDate, action.termMonths);
  if (compareDates(endDate, on) <= 0) {
    const message = `A term of ${months} months would end on ${endDate}; choose one that ends after ${on}.`;
    return err(agreementRefusal('DATE_OUTSIDE_TERM', message, 'termMonths'));
  }
  const shortened = compareDates(endDate, term.endDate) < 0 && !subscriptionTerms.decreaseAtOnce;
  if (shortened) {
    const message = `The contract does not allow a shorter term; it ends on ${term.endDate}.`;
    return err(agreementRefusal('DECREASE_NOT_ALLOWED', message, 'termMonths'));
  }
  const changed: Agreement = {
    ...agreement,
    term: { ...term, endDate, months },
    billing: { ...billing, period: action.billingPeriod ?? billing.period },
    renewal: {
      ...renewal,
      automatic: action.autoRenewal ?? renewal.automatic,
      termMonths: action.termMonths ?? renewal.termMonths,
      upliftPercent: action.upliftPercent ?? renewal.upliftPercent,
    },
    subscriptionTerms: { decreaseAtOnce: action.decreaseAtOnce ?? subscriptionTerms.decreaseAtOnce },
  };
  if (sameTerms(agreement, changed)) {
    return err(agreementRefusal('NOTHING_CHANGES', 'The terms already are as asked for.'));
  }
  return ok(changed);
}

function sameTerms(left: Agreement, right: Agreement): boolean {
  return (
    left.term.endDate === right.term.endDate &&
    left.billing.period === right.billing.period &&
    left.renewal.automatic === right.renewal.automatic &&
    left.renewal.termMonths === right.renewal.termMonths &&
    left.renewal.upliftPercent === right.renewal.upliftPercent &&
    left.subscriptionTerms.decreaseAtOnce === right.subscriptionTerms.decreaseAtOnce
  );
}

import { addMonths, compareDates, type LocalDate } from '../../calendar.js';
import { err, ok, type Result } from '../../result.js';
import type { Agreement } from '../agreement.js';
import { nextTermItems } from '../planned.js';
import { agreementRefusal, type AgreementRefusal } from '../refusal.js';
import { termEnd } from '../term-end.js';
import type { Cancel, ConvertTrial, ExtendTrial, Renew } from './action.js';
import { refuseOutsideTerm } from './conditions.js';

type Outcome = Result<Agreement, AgreementRefusal>;

/**
 * Begins the next term on the day on which the present one ends. Also the contract's own renewal goes by this. Renewing what
 * was to end takes the notice back.
 */
export function renew(agreement: Agreement, { termMonths, quantities }: Renew, on: LocalDate): Outcome {
  const { term, trial, suspendedOn, canceledOn, renewal } = agreement;
  if (trial) return err(agreementRefusal('TRIAL_NOT_PAID', 'A trial is converted, not renewed.'));
  if (suspendedOn !== null) {
    return err(agreementRefusal('SUBSCRIPTION_SUSPENDED', 'Resume the subscription before it is renewed.'));
  }
  if (canceledOn !== null && compareDates(canceledOn, term.endDate) < 0) {
    return err(
      agreementRefusal('SUBSCRIPTION_ENDED', `It was canceled for ${canceledOn}; create a new one.`),
    );
  }
  if (on !== term.endDate) {
    const message = `A renewal takes effect on the first day of the next term: ${term.endDate}.`;
    return err(agreementRefusal('DATE_OUTSIDE_TERM', message));
  }
  const items = nextTermItems(agreement);
  const missing = quantities.find(
    ({ productCode }) => !items.some((item) => item.productCode === productCode),
  );
  if (missing !== undefined) {
    const message = `${missing.productCode} is not part of the next term.`;
    return err(agreementRefusal('PRODUCT_NOT_INCLUDED', message, 'quantities'));
  }
  const months = termMonths ?? renewal.termMonths;
  return ok({
    ...agreement,
    term: { startDate: on, endDate: termEnd(agreement.billing, on, months), months },
    canceledOn: null,
    renewal: { ...renewal, termMonths: months, planned: [] },
    items: items.map((item) => {
      const wanted = quantities.find(({ productCode }) => productCode === item.productCode);
      return wanted === undefined ? item : { ...item, quantity: wanted.quantity };
    }),
  });
}

export function suspend(agreement: Agreement, on: LocalDate): Outcome {
  const refusal = refuseOutsideTerm(agreement, on);
  if (refusal !== null) return err(refusal);
  if (agreement.trial) return err(agreementRefusal('TRIAL_NOT_PAID', 'A trial is not suspended; cancel it.'));
  if (agreement.suspendedOn !== null) {
    return err(agreementRefusal('SUBSCRIPTION_SUSPENDED', `It is suspended since ${agreement.suspendedOn}.`));
  }
  return ok({ ...agreement, suspendedOn: on });
}

export function resume(agreement: Agreement, on: LocalDate): Outcome {
  const refusal = refuseOutsideTerm(agreement, on);
  if (refusal !== null) return err(refusal);
  if (agreement.suspendedOn === null) {
    return err(agreementRefusal('NOT_SUSPENDED', 'It is not suspended, so there is nothing to resume.'));
  }
  if (compareDates(on, agreement.suspendedOn) < 0) {
    const message = `It is suspended from ${agreement.suspendedOn} on: resume it then or later.`;
    return err(agreementRefusal('DATE_OUTSIDE_TERM', message));
  }
  return ok({ ...agreement, suspendedOn: null });
}

export function cancel(agreement: Agreement, action: Cancel, on: LocalDate): Outcome {
  const refusal = refuseOutsideTerm(agreement, on);
  if (refusal !== null) return err(refusal);
  const { term } = agreement;
  const day = action.on ?? term.endDate;
  if (compareDates(day, on) < 0 || compareDates(day, term.endDate) > 0) {
    const message = `Cancel for a day from ${on} to ${term.endDate}, the end of the term.`;
    return err(agreementRefusal('DATE_OUTSIDE_TERM', message, 'on'));
  }
  if (agreement.canceledOn !== null && compareDates(agreement.canceledOn, day) <= 0) {
    const message = `It is canceled for ${agreement.canceledOn} already; give an earlier day.`;
    return err(agreementRefusal('NOTHING_CHANGES', message, 'on'));
  }
  return ok({
    ...agreement,
    canceledOn: day,
    renewal: { ...agreement.renewal, automatic: false, planned: [] },
  });
}

export function extendTrial(agreement: Agreement, { endDate }: ExtendTrial, on: LocalDate): Outcome {
  const refusal = refuseOutsideTerm(agreement, on) ?? refusePaid(agreement);
  if (refusal !== null) return err(refusal);
  const { term } = agreement;
  if (compareDates(endDate, term.endDate) <= 0) {
    const message = `Give a day after ${term.endDate}, on which the trial ends now.`;
    return err(agreementRefusal('DATE_OUTSIDE_TERM', message, 'endDate'));
  }
  return ok({ ...agreement, term: { ...term, endDate } });
}

/** A trial may also be converted on the very day on which it ends. */
export function convertTrial(agreement: Agreement, action: ConvertTrial, on: LocalDate): Outcome {
  const paid = refusePaid(agreement);
  if (paid !== null) return err(paid);
  const refusal =
    on === agreement.term.endDate && agreement.canceledOn === null ? null : refuseOutsideTerm(agreement, on);
  if (refusal !== null) return err(refusal);
  const { termMonths, autoRenewal, billingAnchor } = action;
  return ok({
    ...agreement,
    trial: false,
    canceledOn: null,
    term: { startDate: on, endDate: addMonths(on, termMonths), months: termMonths },
    billing: { ...agreement.billing, anchor: billingAnchor },
    renewal: { ...agreement.renewal, automatic: autoRenewal, termMonths },
  });
}

function refusePaid({ trial }: Agreement): AgreementRefusal | null {
  return trial ? null : agreementRefusal('NOT_A_TRIAL', 'It is paid already.');
}

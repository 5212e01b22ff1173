import type { BillingPeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { OrderError } from '../errors.js';
import { internalAloneError, readBillingPeriod } from '../commercial-terms.js';
import { numberError, readPercent, termMonthsRange } from '../number.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** Terms to be changed. What is left out stays. */
export interface ChangeTermsInput extends ChangeInput {
  readonly termMonths?: number | null;
  readonly autoRenewal?: boolean | null;
  readonly billingPeriod?: BillingPeriod | null;
  readonly renewalUpliftPercent?: string | null;
  readonly decreaseAtOnce?: boolean | null;
}

export const changeTerms: ReadChange<ChangeTermsInput> = (input, { facts, path }) => {
  const { termMonths = null, autoRenewal = null, decreaseAtOnce = null } = input;
  const billingPeriod = readBillingPeriod(input.billingPeriod, [...path, 'billingPeriod']);
  const uplift: Result<string | null, OrderError> =
    input.renewalUpliftPercent == null
      ? ok(null)
      : readPercent(input.renewalUpliftPercent, [...path, 'renewalUpliftPercent']);
  const errors = [
    numberError(termMonths, [...path, 'termMonths'], termMonthsRange),
    billingPeriod.ok ? null : billingPeriod.error,
    uplift.ok ? null : uplift.error,
    internalAloneError(input.renewalUpliftPercent, facts, [...path, 'renewalUpliftPercent']),
    internalAloneError(decreaseAtOnce, facts, [...path, 'decreaseAtOnce']),
  ].filter((error) => error !== null);
  if (!billingPeriod.ok || !uplift.ok || errors.length > 0) return err(errors);
  return ok({
    kind: 'CHANGE_TERMS',
    termMonths,
    autoRenewal,
    billingPeriod: billingPeriod.value,
    upliftPercent: uplift.value,
    decreaseAtOnce,
  });
};

import { alignmentOf, billingAnchor } from '@fulfillment/kernel/domain/agreement/alignment';
import { err, ok } from '@fulfillment/kernel/domain/result';
import { usualTermMonths } from '../commercial-terms.js';
import { numberError, termMonthsRange } from '../number.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** A trial to be converted. */
export interface ConvertTrialInput extends ChangeInput {
  readonly termMonths?: number | null;
  readonly autoRenewal?: boolean | null;
}

/** At the prices that were agreed with the trial. */
export const convertTrial: ReadChange<ConvertTrialInput> = (input, { agreement, path, effectiveDate }) => {
  const error = numberError(input.termMonths, [...path, 'termMonths'], termMonthsRange);
  if (error !== null) return err([error]);
  return ok({
    kind: 'CONVERT_TRIAL',
    termMonths: input.termMonths ?? usualTermMonths,
    autoRenewal: input.autoRenewal ?? true,
    billingAnchor: billingAnchor(alignmentOf(agreement), agreement.billing.period, effectiveDate),
  });
};

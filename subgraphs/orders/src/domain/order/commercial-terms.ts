import type { ProrationPolicyName } from '@fulfillment/kernel/domain/billing/proration';
import type { BillingPeriod, RecurringPeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { type FieldPath, type OrderError, orderError } from './errors.js';
import type { OrderFacts } from './facts.js';
import { readPercent } from './number.js';

/** The first term when the caller does not say how long it is to be. */
export const usualTermMonths = 12;

/** What is agreed besides products, as it is asked for. */
export interface CommercialTermsInput {
  readonly renewalUpliftPercent?: string | null;
  readonly decreaseAtOnce?: boolean | null;
  readonly prorationPolicy?: ProrationPolicyName | null;
}

/** What is agreed besides products. */
export interface CommercialTerms {
  readonly upliftPercent: string;
  readonly decreaseAtOnce: boolean;
  readonly policy: ProrationPolicyName;
}

/** What was asked for, and as usual where nothing was; or what is wrong with it. */
export function readCommercialTerms(
  input: CommercialTermsInput | null | undefined,
  facts: OrderFacts,
  field: FieldPath,
): Result<CommercialTerms, OrderError> {
  const error = internalAloneError(input, facts, field);
  if (error !== null) return err(error);
  const uplift = readPercent(input?.renewalUpliftPercent ?? '0', [...field, 'renewalUpliftPercent']);
  if (!uplift.ok) return uplift;
  return ok({
    upliftPercent: uplift.value,
    decreaseAtOnce: input?.decreaseAtOnce ?? false,
    policy: input?.prorationPolicy ?? 'ACTUAL_DAYS',
  });
}

/** What is wrong with a term that was given by somebody who may not agree on it. */
export function internalAloneError(
  given: unknown,
  { audience }: Pick<OrderFacts, 'audience'>,
  field: FieldPath,
): OrderError | null {
  if (given == null || audience === 'internal') return null;
  return orderError('INVALID_VALUE', field, 'Only sales may agree on this: leave it out.');
}

/** A billing period that comes again; null when none was given. */
export function readBillingPeriod(
  period: BillingPeriod | null | undefined,
  field: FieldPath,
): Result<RecurringPeriod | null, OrderError> {
  if (period == null) return ok(null);
  if (period !== 'ONE_TIME') return ok(period);
  return err(orderError('INVALID_VALUE', field, 'Choose a billing period that comes again.'));
}

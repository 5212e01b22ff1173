import { personOf } from '@fulfillment/kernel/domain/viewer';
import { decisionError, unapprovedError } from '../../domain/quote/approval.js';
import type { Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction } from '../ports.js';
import { answered, callQuote, type QuoteAnswer, quoteNotFound, refused } from './quote-answer.js';
import { reviserOf } from './seller.js';
import { recordStep, type StepRequest, stepQuote } from './take-quote-step.js';

export interface QuoteStepRequest extends Keyed, StepRequest {}

export interface ApproveQuoteRequest extends QuoteStepRequest {
  readonly decision: 'APPROVE' | 'REJECT';
}

/** Decides on discounts above the limit. The decision is kept with who made it, when and why. */
export async function approveQuote(
  run: RunTransaction,
  asking: Asking,
  request: ApproveQuoteRequest,
): Promise<QuoteAnswer> {
  return callQuote(run, asking, 'approveQuote', request, async (unit) => {
    if (asking.viewer.audience !== 'internal') return quoteNotFound();
    const stepped = await stepQuote(unit, asking, request.decision, request);
    if (!stepped.ok) return refused(stepped.error);
    const error = decisionError(stepped.value.before, personOf(asking.viewer));
    if (error !== null) return refused(error);
    await recordStep(unit, stepped.value);
    return answered(request.quoteId);
  });
}

/** Sends a draft to the account that would pay. One that needs approval and has none is not sent. */
export async function sendQuote(
  run: RunTransaction,
  asking: Asking,
  request: QuoteStepRequest,
): Promise<QuoteAnswer> {
  return callQuote(run, asking, 'sendQuote', request, async (unit) => {
    const stepped = await stepQuote(unit, asking, 'SEND', request);
    if (!stepped.ok) return refused(stepped.error);
    if (reviserOf(asking.viewer, stepped.value.before) === null) return quoteNotFound();
    const error = unapprovedError(stepped.value.before);
    if (error !== null) return refused(error);
    await recordStep(unit, stepped.value);
    return answered(request.quoteId);
  });
}

/** Declines a quote that was sent. */
export async function declineQuote(
  run: RunTransaction,
  asking: Asking,
  request: QuoteStepRequest,
): Promise<QuoteAnswer> {
  return callQuote(run, asking, 'declineQuote', request, async (unit) => {
    const stepped = await stepQuote(unit, asking, 'DECLINE', request);
    if (!stepped.ok) return refused(stepped.error);
    await recordStep(unit, stepped.value);
    return answered(request.quoteId);
  });
}

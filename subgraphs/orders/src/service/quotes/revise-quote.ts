import type { Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { addQuote, quoteTerms, type QuoteTerms } from './create-quote.js';
import { answered, callQuote, type QuoteAnswer, quoteNotFound, refused } from './quote-answer.js';
import { reviserOf } from './seller.js';
import { recordStep, type StepRequest, stepQuote } from './take-quote-step.js';

export interface ReviseQuoteRequest extends Keyed, QuoteTerms, StepRequest {}

/** Makes the next revision of a quote. The one before stays as it was and can no longer be accepted. */
export async function reviseQuote(
  run: RunTransaction,
  asking: Asking,
  request: ReviseQuoteRequest,
): Promise<QuoteAnswer> {
  return callQuote(run, asking, 'reviseQuote', request, (unit) => revise(unit, asking, request));
}

async function revise(unit: UnitOfWork, asking: Asking, request: ReviseQuoteRequest): Promise<QuoteAnswer> {
  const stepped = await stepQuote(unit, asking, 'SUPERSEDE', request);
  if (!stepped.ok) return refused(stepped.error);
  const { before } = stepped.value;
  const seller = reviserOf(asking.viewer, before);
  if (seller === null) return quoteNotFound();
  const quoted = await quoteTerms(unit, asking, seller, request, before.accountId);
  if (!quoted.ok) return refused(...quoted.error);
  const id = unit.newId();
  const { firstRevisionId, number, revision } = before;
  await recordStep(unit, stepped.value);
  await addQuote(
    unit,
    { id, firstRevisionId, number, revision: revision + 1, ...quoted.value },
    asking.receivedAt,
  );
  return answered(id);
}

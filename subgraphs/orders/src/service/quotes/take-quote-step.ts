import { personOf } from '@fulfillment/kernel/domain/viewer';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import type { TextLength } from '@fulfillment/kernel/domain/line-of-text';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { textError } from '../../domain/order/text.js';
import { type QuoteError, quoteError } from '../../domain/quote/errors.js';
import type { QuoteStep } from '../../domain/quote/lifecycle.js';
import { type Quote, takeStep } from '../../domain/quote/quote.js';
import type { Asking } from '../load-facts.js';
import type { UnitOfWork } from '../ports.js';
import { promiseQuote } from './promise-quote.js';

const reasonLength: TextLength = { minimum: 1, maximum: 500 };

/** A quote that is to take a step, and what it is after it. */
export interface Stepping {
  readonly before: Quote;
  readonly after: Quote;
  /** By the account's own clock. */
  readonly now: Date;
}

/** A step that is asked for. */
export interface StepRequest {
  readonly quoteId: string;
  readonly reason?: string | null;
}

/**
 * Holds a quote until the transaction ends, and takes a step with it. Nothing is written yet; see `recordStep`.
 * @returns what is wrong with the request, when the quote cannot be seen or the step cannot be taken
 */
export async function stepQuote(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  step: QuoteStep,
  { quoteId, reason = null }: StepRequest,
): Promise<Result<Stepping, QuoteError>> {
  const reasonError = reason === null ? null : textError(reason, ['reason'], reasonLength);
  if (reasonError !== null) return err(reasonError);
  const quote = isUuid(quoteId) ? await unit.quotes.lock(viewer, receivedAt, quoteId.toLowerCase()) : null;
  if (quote === null) return err(quoteError('QUOTE_NOT_FOUND', ['quoteId']));
  const now = await unit.clock.now(quote.accountId);
  const taken = takeStep(quote, { step, at: now, by: personOf(viewer), reason });
  return taken.ok ? ok({ before: quote, after: taken.value, now }) : taken;
}

/** Writes the step that was taken, and tells of it. */
export async function recordStep(unit: UnitOfWork, { after, now }: Omit<Stepping, 'before'>): Promise<void> {
  await unit.quotes.record(after);
  await promiseQuote(unit, after, now);
}

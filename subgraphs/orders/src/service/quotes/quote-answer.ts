import { type QuoteError, quoteError } from '../../domain/quote/errors.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';

/** The quote after a change and the order that it became, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface QuoteAnswer {
  readonly quoteId: string | null;
  readonly orderId: string | null;
  readonly errors: readonly QuoteError[];
}

export function answered(quoteId: string, orderId: string | null = null): QuoteAnswer {
  return { quoteId, orderId, errors: [] };
}

export function refused(...errors: readonly QuoteError[]): QuoteAnswer {
  return { quoteId: null, orderId: null, errors };
}

export function quoteNotFound(): QuoteAnswer {
  return refused(quoteError('QUOTE_NOT_FOUND', ['quoteId']));
}

/** Carries out a mutation about a quote once for its key. */
export function callQuote(
  run: RunTransaction,
  asking: Asking,
  mutation: string,
  request: Keyed,
  work: (unit: UnitOfWork) => Promise<QuoteAnswer>,
): Promise<QuoteAnswer> {
  return callOnce(run, asking, mutation, request, work, (error) => refused(error));
}

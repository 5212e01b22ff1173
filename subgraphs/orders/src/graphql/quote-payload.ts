import type { QuoteAnswer } from '../service/quotes/quote-answer.js';
import type { Context } from './context.js';
import { errorToGraphql } from './to-graphql.js';

/** What a mutation about a quote answers: the quote as it stands now, or what was wrong. */
export async function quotePayload({ loaders }: Context, { quoteId, errors }: QuoteAnswer) {
  return {
    quote: quoteId === null ? null : await loaders.quote.load(quoteId),
    userErrors: errors.map(errorToGraphql),
  };
}

import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { purchaseOrderNumberLength, textError } from '../../domain/order/text.js';
import { type QuoteError, quoteError } from '../../domain/quote/errors.js';
import { freezeDraft, isSameDraft, priceChangedMessage } from '../../domain/quote/frozen-draft.js';
import { isSameSale, type Quote } from '../../domain/quote/quote.js';
import type { Keyed } from '../call-once.js';
import { judgeSoldTo, type NamesSoldTo, setSoldTo } from '../contacts/sold-to.js';
import type { Asking } from '../load-facts.js';
import { lockFor, placeJudged } from '../place-order.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { answered, callQuote, type QuoteAnswer, refused } from './quote-answer.js';
import { judgeInNameOf, type JudgedQuote } from './seller.js';
import { recordStep, stepQuote } from './take-quote-step.js';

export interface AcceptQuoteRequest extends Keyed, NamesSoldTo {
  readonly quoteId: string;
  /** The quote's when left out. */
  readonly purchaseOrderNumber?: string | null;
}

/**
 * Accepts a quote: in one transaction it becomes the order that it shows, with the same lines and sums to the cent, or
 * nothing is ordered. Whoever comes second finds it accepted.
 */
export async function acceptQuote(
  run: RunTransaction,
  asking: Asking,
  request: AcceptQuoteRequest,
): Promise<QuoteAnswer> {
  return callQuote(run, asking, 'acceptQuote', request, (unit) => accept(unit, asking, request));
}

async function accept(
  unit: UnitOfWork,
  asking: Asking,
  { quoteId, purchaseOrderNumber: given = null, ...naming }: AcceptQuoteRequest,
): Promise<QuoteAnswer> {
  const numberError =
    given === null ? null : textError(given, ['purchaseOrderNumber'], purchaseOrderNumberLength);
  const contact = judgeSoldTo(naming);
  if (numberError !== null || !contact.ok) {
    return refused(...(numberError === null ? [] : [numberError]), ...(contact.ok ? [] : contact.error));
  }
  const stepped = await stepQuote(unit, asking, 'ACCEPT', { quoteId });
  if (!stepped.ok) return refused(stepped.error);
  const { before, after, now } = stepped.value;
  await lockFor(unit, before.request);
  const judged = await judgeAgain(unit, before, asking.receivedAt);
  if (!judged.ok) return refused(...judged.error);
  const contactError = await setSoldTo(unit, asking, judged.value, contact.value);
  if (contactError !== null) return refused(contactError);
  const purchaseOrderNumber = given ?? before.request.purchaseOrderNumber ?? null;
  const order = await placeJudged(unit, asking, judged.value, { purchaseOrderNumber });
  await recordStep(unit, { after: { ...after, orderId: order.id }, now });
  return answered(before.id, order.id);
}

/** The order of a quote as it would be placed now; refused when it is not the one that the quote shows. */
async function judgeAgain(
  unit: UnitOfWork,
  quote: Quote,
  receivedAt: Date,
): Promise<Result<JudgedQuote, readonly QuoteError[]>> {
  const { request, accountId } = quote;
  const judged = await judgeInNameOf(quote, unit, receivedAt, { ...request, accountId });
  if (!judged.ok) {
    return err(
      judged.error.map(({ code, message }) =>
        quoteError(code, ['quoteId'], `The quote cannot become an order any more: ${message}`),
      ),
    );
  }
  const now = freezeDraft(judged.value, request);
  if (!isSameSale(quote, judged.value.draft.parties)) {
    const message = 'Another account would pay, or another partner sell, by now: revise the quote.';
    return err([quoteError('INVOICE_OWNER_MISMATCH', ['quoteId'], message)]);
  }
  if (isSameDraft(quote.draft, now)) return ok(judged.value);
  const message = priceChangedMessage(quote.draft, now, 'ask for a revision of the quote (`reviseQuote`).');
  return err([quoteError('PRICE_CHANGED', ['quoteId'], message)]);
}

import { personOf } from '@fulfillment/kernel/domain/viewer';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { needsApproval } from '../../domain/quote/discount-limit.js';
import { type QuoteError, quoteError } from '../../domain/quote/errors.js';
import { freezeDraft } from '../../domain/quote/frozen-draft.js';
import { type Quote, quoteNumber, type QuotedRequest } from '../../domain/quote/quote.js';
import { agreeValidity, expiryOf } from '../../domain/quote/validity.js';
import type { Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { grantQuote, promiseQuote } from './promise-quote.js';
import { answered, callQuote, type QuoteAnswer, refused } from './quote-answer.js';
import { judgeInNameOf, type Seller, sellerOf } from './seller.js';

/** An order to be quoted, and until when it is to be valid. */
export interface QuoteTerms extends QuotedRequest {
  readonly validUntil?: LocalDate | null;
}

export interface CreateQuoteRequest extends Keyed, QuoteTerms {
  readonly accountId?: string | null;
}

/** Makes a quote: prices an order in the name of the one who asks, and keeps the prices. */
export async function createQuote(
  run: RunTransaction,
  asking: Asking,
  request: CreateQuoteRequest,
): Promise<QuoteAnswer> {
  return callQuote(run, asking, 'createQuote', request, async (unit) => {
    const seller = sellerOf(asking.viewer);
    if (seller === null) return refused(quoteError('ACCOUNT_NOT_FOUND', ['accountId']));
    const quoted = await quoteTerms(unit, asking, seller, request, request.accountId ?? null);
    if (!quoted.ok) return refused(...quoted.error);
    const id = unit.newId();
    const number = quoteNumber(await unit.quotes.nextNumber());
    const quote = { id, firstRevisionId: id, number, revision: 1, ...quoted.value };
    await addQuote(unit, quote, asking.receivedAt);
    return answered(id);
  });
}

/** Writes a revision, lets its partners see it, and tells of it. */
export async function addQuote(unit: UnitOfWork, quote: Quote, grantedFrom: Date): Promise<void> {
  await unit.quotes.add(quote);
  await grantQuote(unit, quote, grantedFrom);
  await promiseQuote(unit, quote, quote.createdAt);
}

/** Everything of a revision but its place among the others. */
type QuotedTerms = Omit<Quote, 'id' | 'firstRevisionId' | 'number' | 'revision'>;

/** Prices an order in the name of a seller, or says all that is wrong with it. */
export async function quoteTerms(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  seller: Seller,
  terms: QuoteTerms,
  accountId: string | null,
): Promise<Result<QuotedTerms, readonly QuoteError[]>> {
  const request = requestOf(terms);
  const judged = await judgeInNameOf(seller, unit, receivedAt, { ...request, accountId });
  if (!judged.ok) return judged;
  const { now, today, billingTimeZone } = judged.value;
  const draft = freezeDraft(judged.value, request);
  const effectiveDate = draft.day === 'FIXED' ? draft.effectiveDate : null;
  const validUntil = agreeValidity(terms.validUntil ?? null, { today, effectiveDate });
  if (!validUntil.ok) return err([validUntil.error]);
  return ok({
    ...judged.value.draft.parties,
    ...seller,
    state: 'DRAFT',
    request,
    draft,
    validUntil: validUntil.value,
    expiresAt: expiryOf(validUntil.value, billingTimeZone),
    needsApproval: needsApproval(draft.items),
    createdAt: now,
    createdBy: personOf(viewer),
    events: [],
    orderId: null,
  });
}

/** What of the terms the order itself asks for. */
function requestOf({ effectiveDate, currency, purchaseOrderNumber, actions }: QuoteTerms): QuotedRequest {
  return {
    effectiveDate: effectiveDate ?? null,
    currency: currency ?? null,
    purchaseOrderNumber: purchaseOrderNumber ?? null,
    actions,
  };
}

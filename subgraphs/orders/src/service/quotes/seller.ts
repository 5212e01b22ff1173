import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { OrderError } from '../../domain/order/errors.js';
import { judgeOrder } from '../../domain/order/judge.js';
import type { Quote, QuoteMaker } from '../../domain/quote/quote.js';
import type { JudgedRequest } from '../judge-request.js';
import { type AccountRequest, type FactsSource, loadFacts } from '../load-facts.js';

/** In whose name an order is quoted, and who may agree on what. */
export interface Seller {
  /** The partner who sells; null when we do. */
  readonly sellerId: string | null;
  readonly maker: QuoteMaker;
}

/** Who makes a quote for the first time; null for a buyer, who makes none. */
export function sellerOf(viewer: Viewer): Seller | null {
  switch (viewer.audience) {
    case 'internal':
      return { sellerId: null, maker: 'internal' };
    case 'partner':
      return { sellerId: viewer.partnerId.toLowerCase(), maker: 'partner' };
    case 'product':
      return null;
  }
}

/** Who makes the next revision of a quote: our own people, or the partner whose quote it is. Null for everybody else. */
export function reviserOf(viewer: Viewer, { sellerId }: Pick<Quote, 'sellerId'>): Seller | null {
  const own = sellerOf(viewer);
  if (own === null || own.maker === 'internal') return own === null ? null : { sellerId, maker: 'internal' };
  return own.sellerId === sellerId ? own : null;
}

/** What was quoted, with more than judging it says. */
export interface JudgedQuote extends JudgedRequest {
  readonly billingTimeZone: string;
}

/**
 * Judges an order in the name of the one who quoted it, whoever asks: a buyer accepts a discount that it may not give, and
 * our own people give one on a partner's sale. Whether the asker may see and accept the quote is decided before.
 */
export async function judgeInNameOf(
  { sellerId, maker }: Seller,
  source: FactsSource,
  receivedAt: Date,
  request: AccountRequest,
): Promise<Result<JudgedQuote, readonly OrderError[]>> {
  const loaded = await loadFacts(source, { viewer: asSeller(sellerId), receivedAt }, request);
  if (!loaded.ok) return loaded;
  const facts = { ...loaded.value.facts, audience: maker };
  const draft = judgeOrder(request, facts);
  if (!draft.ok) return err(draft.error);
  const { billingTimeZone } = facts.buyer.account;
  return ok({ draft: draft.value, now: loaded.value.now, today: facts.today, billingTimeZone });
}

/** What the facts of a sale are read as. It has no scopes: nothing but reading is done with it. */
function asSeller(sellerId: string | null): Viewer {
  const common = { subject: 'quote', scopes: new Set<string>() };
  return sellerId === null
    ? { audience: 'internal', ...common }
    : { audience: 'partner', partnerId: sellerId, ...common };
}

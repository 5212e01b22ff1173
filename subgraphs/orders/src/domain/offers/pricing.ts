import type { AgreementValue } from '@fulfillment/kernel/domain/agreement/metrics';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { add, type Money } from '@fulfillment/kernel/domain/money';
import type { Amounts } from '../order/amounts.js';
import type { OrderActionInput } from '../order/actions/index.js';
import type { OrderErrorCode } from '../order/errors.js';
import { judgeOrder, type OrderDraft } from '../order/judge.js';
import { monthlyChangeOf, valueChangeOf } from '../order/outlook.js';
import type { OfferFacts } from './facts.js';

/** What an offer costs: what `previewOrder` says of the same order at the same moment. */
export interface OfferPrice extends Amounts {
  /**
   * What is charged from today to the end of the term, what is due at once included, and what recurs: worked out when it
   * is asked for, which is as much work again as all else.
   */
  readonly valueChange: () => AgreementValue;
  readonly effectiveDate: LocalDate;
  /** Up to when it holds: the end of the account's day. */
  readonly holdsUntil: Date;
}

/**
 * Why an offer has no price: a partner sells and bills it, another account pays, it has no list price in the payer's
 * currency, or the tax on it is not known.
 */
export type PriceMissing = 'SOLD_BY_PARTNER' | 'PAID_BY_ANOTHER_ACCOUNT' | 'ON_REQUEST' | 'TAX_UNKNOWN';

export type Priced =
  | { readonly kind: 'PRICED'; readonly price: OfferPrice; readonly draft: OrderDraft }
  | { readonly kind: 'NO_PRICE'; readonly reason: PriceMissing };

/** What is wrong with an order that can be had all the same, by asking; everything else makes no offer. */
const missing: Partial<Record<OrderErrorCode, PriceMissing>> = {
  PRICE_NOT_FOUND: 'ON_REQUEST',
  CURRENCY_MISMATCH: 'ON_REQUEST',
  TAX_RATE_UNKNOWN: 'TAX_UNKNOWN',
};

/**
 * Judges the order that an offer stands for by the function that previews and places orders. Null when it could not be
 * ordered now: another order is under way, the contract is suspended or has ended, or nothing would change.
 */
export function priceOf(actions: readonly OrderActionInput[], facts: OfferFacts): Priced | null {
  const hidden = hiddenPrice(facts);
  // Whether it could be ordered at all is asked in the partner's name; what it costs then is not said.
  const audience = hidden === 'SOLD_BY_PARTNER' ? 'partner' : 'product';
  const judged = judgeOrder({ actions }, { ...facts.order, audience });
  if (!judged.ok) {
    const reasons = judged.error.map(({ code }) => missing[code] ?? null);
    const [reason = null] = reasons;
    if (reason === null || reasons.includes(null)) return null;
    return { kind: 'NO_PRICE', reason: hidden ?? reason };
  }
  if (hidden !== null) return { kind: 'NO_PRICE', reason: hidden };
  const draft = judged.value;
  const { net, tax, total, effectiveDate } = draft;
  const price = {
    net,
    tax,
    total,
    effectiveDate,
    valueChange: () => valueChangeOf(draft),
    holdsUntil: facts.endOfDay,
  };
  return { kind: 'PRICED', price, draft };
}

/** In a partner's sale the price is between the customer and the partner; what another account pays is that account's. */
export function hiddenPrice({ subscription }: Pick<OfferFacts, 'subscription'>): PriceMissing | null {
  if (subscription === null) return null;
  const { partnerId, accountId, invoiceOwnerAccountId } = subscription.parties;
  if (partnerId !== null) return 'SOLD_BY_PARTNER';
  return accountId === invoiceOwnerAccountId ? null : 'PAID_BY_ANOTHER_ACCOUNT';
}

/** What an order costs a month: what recurs, and what is bought once in it. */
export function monthlyCost(draft: OrderDraft): Money {
  const once = draft.actions
    .flatMap(({ lines }) => lines)
    .filter(({ pricePeriod }) => pricePeriod === 'ONE_TIME')
    .map(({ amount }) => amount);
  return once.reduce(add, monthlyChangeOf(draft));
}

/** Less is cheaper for the rest of the term, and then what is due now. */
export function compareCost(left: OfferPrice, right: OfferPrice): number {
  return (
    compareMinor(left.valueChange().tcv, right.valueChange().tcv) || compareMinor(left.total, right.total)
  );
}

function compareMinor(left: Money, right: Money): number {
  return left.minor < right.minor ? -1 : Number(left.minor > right.minor);
}

import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Checkout } from '../../domain/checkout/checkout.js';
import { type CheckoutError, checkoutError } from '../../domain/checkout/errors.js';
import { isAllowedReturnUrl } from '../../domain/checkout/return-url.js';
import type { OrderRequest } from '../../domain/order/judge.js';
import { freezeDraft } from '../../domain/quote/frozen-draft.js';
import { callOnce, type Keyed } from '../call-once.js';
import { judgeSoldTo, type NamesSoldTo, soldToError } from '../contacts/sold-to.js';
import { judgeRequest } from '../judge-request.js';
import type { Asking } from '../load-facts.js';
import { offerOrdered } from '../offers/record-bought-offer.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import type { PaymentPort } from './payment-port.js';
import { promiseCheckout } from './promise-checkout.js';

/** So long the page takes a payment. */
const minutesOpen = 30;

export interface StartCheckoutRequest extends Keyed, OrderRequest, NamesSoldTo {
  readonly offerId?: string | null;
  readonly returnUrl: string;
}

/** The checkout and the order that was placed for it, and what is wrong. It is kept with the key, so it is plain JSON. */
export interface CheckoutAnswer {
  readonly checkoutId: string | null;
  readonly orderId: string | null;
  readonly errors: readonly CheckoutError[];
}

/** What checkout works with. */
export interface CheckoutEdge {
  readonly run: RunTransaction;
  readonly payments: PaymentPort;
  /** The origins that buyers may be sent back to. */
  readonly returnOrigins: readonly string[];
}

/**
 * Prices an order and opens a page on which it is paid. The checkout is written first and the page opened after it, so that
 * no page is known for which there is no checkout; a repetition opens the page that an earlier call could not.
 */
export async function startCheckout(
  edge: CheckoutEdge,
  asking: Asking,
  request: StartCheckoutRequest,
): Promise<CheckoutAnswer> {
  const answer = await callOnce(
    edge.run,
    asking,
    'startCheckout',
    request,
    (unit) => start(unit, edge, asking, request),
    (error) => refused([error]),
  );
  if (answer.checkoutId !== null) await openPage(edge, answer.checkoutId);
  return answer;
}

export function refused(errors: readonly CheckoutError[]): CheckoutAnswer {
  return { checkoutId: null, orderId: null, errors };
}

async function start(
  unit: UnitOfWork,
  { returnOrigins }: CheckoutEdge,
  asking: Asking,
  given: StartCheckoutRequest,
): Promise<CheckoutAnswer> {
  const { idempotencyKey: _, returnUrl, expectedTotal, ...request } = given;
  const accountId = accountOf(asking.viewer);
  if (accountId === null) return refused([checkoutError('CHECKOUT_NOT_FOUND', [])]);
  if (!isAllowedReturnUrl(returnUrl, returnOrigins)) {
    return refused([checkoutError('RETURN_URL_NOT_ALLOWED', ['returnUrl'])]);
  }
  const judged = await judgeRequest(unit, asking, { ...request, expectedTotal: expectedTotal ?? null });
  const contact = judgeSoldTo(request);
  if (!judged.ok || !contact.ok) {
    return refused([...(judged.ok ? [] : judged.error), ...(contact.ok ? [] : contact.error)]);
  }
  const contactError = await soldToError(unit, asking, judged.value, contact.value);
  if (contactError !== null) return refused([contactError]);
  const ordered = await offerOrdered(unit, asking, request.offerId, judged.value.draft);
  if ('error' in ordered) return refused([ordered.error]);
  const draft = freezeDraft(judged.value, request);
  if (draft.total.minor <= 0n) return refused([checkoutError('NOTHING_TO_PAY', ['actions'])]);
  const createdAt = await unit.clock.now(null);
  const checkout: Checkout = {
    id: unit.newId(),
    status: 'OPEN',
    accountId,
    request,
    draft,
    returnUrl,
    url: null,
    expiresAt: new Date(createdAt.getTime() + minutesOpen * 60_000),
    createdAt,
    createdBy: asking.viewer.subject,
    paymentReference: null,
    orderId: null,
    problem: null,
    version: 1,
  };
  await unit.checkouts.add(checkout);
  await promiseCheckout(unit, checkout, judged.value.now);
  return { checkoutId: checkout.id, orderId: null, errors: [] };
}

/** Checkout is for buyers alone: whoever sells to others is invoiced. */
function accountOf(viewer: Viewer): string | null {
  switch (viewer.audience) {
    case 'product':
      return viewer.accountId.toLowerCase();
    case 'internal':
    case 'partner':
      return null;
    default:
      return assertNever(viewer);
  }
}

async function openPage({ run, payments }: CheckoutEdge, id: string): Promise<void> {
  const checkout = await run(({ checkouts }) => checkouts.find(id));
  if (checkout === null || checkout.status !== 'OPEN' || checkout.url !== null) return;
  const { draft, expiresAt } = checkout;
  const page = await payments.openPage({
    reference: id,
    amount: draft.total,
    returnUrl: returnAddress(checkout),
    expiresAt,
  });
  if (page.status === 'OPENED') await run(({ checkouts }) => checkouts.saveUrl(id, page.url));
}

/** The caller's own address, with the checkout's id. */
function returnAddress({ id, returnUrl }: Pick<Checkout, 'id' | 'returnUrl'>): string {
  const address = new URL(returnUrl);
  address.searchParams.set('checkout', id);
  return address.toString();
}

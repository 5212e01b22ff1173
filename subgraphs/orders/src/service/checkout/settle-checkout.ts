import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Checkout } from '../../domain/checkout/checkout.js';
import { type CheckoutError, checkoutError } from '../../domain/checkout/errors.js';
import { freezeDraft, isSameDraft, priceChangedMessage } from '../../domain/quote/frozen-draft.js';
import { judgeRequest } from '../judge-request.js';
import { judgeSoldTo, setSoldTo } from '../contacts/sold-to.js';
import type { Asking } from '../load-facts.js';
import { lockFor, placeJudged } from '../place-order.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import type { PaymentOutcome, PaymentPort } from './payment-port.js';
import { offerOrdered, recordBought } from '../offers/record-bought-offer.js';
import { recordCheckoutStep } from './promise-checkout.js';

/** What carries checkouts on. */
export interface Settling {
  readonly run: RunTransaction;
  readonly payments: PaymentPort;
}

/**
 * Carries a checkout on as far as it goes now. It can be repeated at any time, by anybody, also after a process died in
 * between: how the payment went is asked of the provider, and what follows from it is written in one transaction.
 */
export async function settleCheckout(settling: Settling, id: string): Promise<void> {
  const checkout = await settling.run(({ checkouts }) => checkouts.find(id));
  switch (checkout?.status) {
    case 'OPEN':
      await settlePayment(settling, id);
      return;
    case 'PAID':
      if ((await settling.run((unit) => followOrder(unit, id))) === 'REFUND_DUE')
        await giveBack(settling, id);
      return;
    case 'REFUNDING':
      await giveBack(settling, id);
      return;
    case 'COMPLETED':
    case 'DECLINED':
    case 'EXPIRED':
    case 'REFUNDED':
    case undefined:
      return;
    default:
      assertNever(checkout?.status as never);
  }
}

/** Carries on those that were left alone the longest. One that fails keeps no other from its turn. */
export async function settleUnfinished(settling: Settling, limit: number): Promise<void> {
  const ids = await settling.run(async ({ checkouts, clock }) =>
    checkouts.claimUnfinished(await clock.now(null), limit),
  );
  const failures: unknown[] = [];
  for (const id of ids) {
    await settleCheckout(settling, id).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} checkouts were not settled`);
}

/** Whether money has to be given back now that something is written. */
type Settled = 'REFUND_DUE' | 'DONE';

async function settlePayment(settling: Settling, id: string): Promise<void> {
  const outcome = await settling.payments.outcomeOf(id);
  const settled = await settling.run((unit) => recordOutcome(unit, id, outcome));
  if (settled === 'REFUND_DUE') await giveBack(settling, id);
}

async function recordOutcome(unit: UnitOfWork, id: string, outcome: PaymentOutcome): Promise<Settled> {
  const checkout = await unit.checkouts.lock(id);
  if (checkout?.status !== 'OPEN') return 'DONE';
  switch (outcome.status) {
    case 'SUCCEEDED':
      return placePaid(unit, checkout, outcome.providerReference);
    case 'DECLINED': {
      const message = `The payment was declined: ${outcome.reason} Start another checkout.`;
      const problem = checkoutError('PAYMENT_DECLINED', ['checkoutId'], message);
      await recordCheckoutStep(unit, checkout, 'PAYMENT_DECLINED', { problem });
      return 'DONE';
    }
    case 'EXPIRED':
      await expire(unit, checkout);
      return 'DONE';
    case 'UNKNOWN':
      // Its page was never opened: nobody can have paid, and after this nobody will.
      if ((await unit.clock.now(null)).getTime() >= checkout.expiresAt.getTime())
        await expire(unit, checkout);
      return 'DONE';
    case 'PENDING':
      return 'DONE';
    default:
      return assertNever(outcome);
  }
}

async function expire(unit: UnitOfWork, checkout: Checkout): Promise<void> {
  const problem = checkoutError('CHECKOUT_EXPIRED', ['checkoutId']);
  await recordCheckoutStep(unit, checkout, 'PAYMENT_EXPIRED', { problem });
}

/** Places what was paid for exactly as it was priced, or has the money given back. */
async function placePaid(unit: UnitOfWork, checkout: Checkout, paymentReference: string): Promise<Settled> {
  const { request, draft } = checkout;
  const asking = await asBuyer(unit, checkout);
  await lockFor(unit, request);
  const judged = await judgeRequest(unit, asking, request);
  if (!judged.ok) {
    const [first] = judged.error;
    if (first === undefined) throw new Error('An order was refused for no reason');
    const problem = givenBack(first.code, first.message);
    await recordCheckoutStep(unit, checkout, 'ORDER_REFUSED', { paymentReference, problem });
    return 'REFUND_DUE';
  }
  const now = freezeDraft(judged.value, request);
  if (!isSameDraft(draft, now)) {
    const problem = givenBack('PRICE_CHANGED', priceChangedMessage(draft, now, 'start another checkout.'));
    await recordCheckoutStep(unit, checkout, 'ORDER_REFUSED', { paymentReference, problem });
    return 'REFUND_DUE';
  }
  const order = await placeJudged(unit, asking, judged.value, request);
  // What led to it, and who receives its licenses, was looked at when the checkout began: nobody's money goes back for it.
  const contact = judgeSoldTo(request);
  if (contact.ok) await setSoldTo(unit, asking, judged.value, contact.value);
  const ordered = await offerOrdered(unit, asking, request.offerId, judged.value.draft);
  if ('offer' in ordered && ordered.offer !== null) await recordBought(unit, ordered.offer, order);
  await recordCheckoutStep(unit, checkout, 'ORDER_PLACED', { paymentReference, orderId: order.id });
  return 'DONE';
}

/** The buyer may have gone meanwhile: the order is placed in its name all the same. */
async function asBuyer({ clock }: UnitOfWork, { accountId, createdBy: subject }: Checkout): Promise<Asking> {
  const viewer = {
    audience: 'product',
    subject,
    scopes: new Set<string>(),
    accountId,
    deploymentId: null,
  } as const;
  return { viewer, receivedAt: await clock.now(null) };
}

/**
 * An order that subscriptions refused has done nothing: its money goes back. One that was refused later has a subscription
 * and an invoice, which people settle.
 */
async function followOrder(unit: UnitOfWork, id: string): Promise<Settled> {
  const checkout = await unit.checkouts.lock(id);
  if (checkout?.status !== 'PAID' || checkout.orderId === null) return 'DONE';
  const order = await unit.orders.lock(checkout.orderId);
  if (order === null || order.status === 'PLACED') return 'DONE';
  const isUndone = order.told.some(
    ({ kind, status }) =>
      status === 'REFUSED' && (kind === 'SUBSCRIPTION_CREATED' || kind === 'SUBSCRIPTION_CHANGED'),
  );
  if (!isUndone) {
    await recordCheckoutStep(unit, checkout, 'ORDER_CARRIED_OUT');
    return 'DONE';
  }
  const problem = givenBack('ORDER_REFUSED', order.refusalReason ?? 'The order was refused.');
  await recordCheckoutStep(unit, checkout, 'ORDER_REFUSED', { problem });
  return 'REFUND_DUE';
}

async function giveBack({ run, payments }: Settling, id: string): Promise<void> {
  const refund = await payments.refund(id);
  if (refund.status !== 'REFUNDED') return;
  await run(async (unit) => {
    const checkout = await unit.checkouts.lock(id);
    if (checkout?.status === 'REFUNDING') await recordCheckoutStep(unit, checkout, 'MONEY_REFUNDED');
  });
}

function givenBack(code: CheckoutError['code'], message: string): CheckoutError {
  return { code, message: `${message} What was paid is given back.`, field: ['checkoutId'] };
}

import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import { type Checkout, type CheckoutChange, checkoutWith } from '../../domain/checkout/checkout.js';
import type { CheckoutStep } from '../../domain/checkout/lifecycle.js';
import type { UnitOfWork } from '../ports.js';

/** Promises a checkout as it stands to the other services. */
export async function promiseCheckout(
  { events }: UnitOfWork,
  checkout: Checkout,
  occurredAt: Date,
): Promise<void> {
  const { id, status, accountId, draft, paymentReference, orderId, version } = checkout;
  const total = moneyToPayload(draft.total);
  const payload = { id, status, accountId, total, paymentReference, orderId };
  await events.append('orders.checkout', { aggregateId: id, version, occurredAt, payload });
}

/** Writes what has happened to a checkout that is held, and tells of it. */
export async function recordCheckoutStep(
  unit: UnitOfWork,
  checkout: Checkout,
  step: CheckoutStep,
  change: CheckoutChange = {},
): Promise<void> {
  const changed = checkoutWith(checkout, step, change);
  await unit.checkouts.save(changed);
  await promiseCheckout(unit, changed, await unit.clock.now(checkout.accountId));
}

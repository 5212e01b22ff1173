import { derivedId } from '@fulfillment/kernel/domain/ids';
import { isCurrency, money } from '@fulfillment/kernel/domain/money';
import type { CheckoutPayload } from '@fulfillment/schema/events/orders';
import { holdInvoice } from './hold-invoice.js';
import type { UnitOfWork } from './ports.js';
import { takePayment } from './take-payment.js';

/** The payment of a checkout cannot be written: the event is delivered again, and then lies where operations sees it. */
export class CheckoutPaymentError extends Error {
  override readonly name = 'CheckoutPaymentError';
}

/**
 * Writes what was paid at checkout as a payment of its order's invoice, once. A checkout is COMPLETED when its order was carried
 * out, so the invoice is there, also of an order for a later day.
 * @throws CheckoutPaymentError
 */
export async function receiveCheckout(work: UnitOfWork, checkout: CheckoutPayload): Promise<void> {
  const { id, status, orderId, accountId, total, paymentReference } = checkout;
  if (status !== 'COMPLETED' || orderId === null || paymentReference === null) return;
  const paymentId = derivedId('payment', id);
  if ((await work.documents.findInvoiceOfPayment(paymentId)) !== null) return;
  const invoiceId = await work.documents.findInvoiceOfOrder(orderId, accountId);
  const held = invoiceId === null ? null : await holdInvoice(work, invoiceId);
  if (held?.ok !== true) throw new CheckoutPaymentError(`Order ${orderId} of checkout ${id} has no invoice`);
  if (!isCurrency(total.currency)) throw new CheckoutPaymentError(`Not a currency: ${total.currency}`);
  const receipt = {
    id: paymentId,
    amount: money(BigInt(total.minor), total.currency),
    receivedAt: await work.clock.now(accountId),
    reference: paymentReference,
    origin: 'CHECKOUT' as const,
  };
  const taken = await takePayment(work, held.value, receipt, 'FIRST_OPEN_DAY');
  if (!taken.ok)
    throw new CheckoutPaymentError(`Checkout ${id} could not be taken in: ${taken.error.message}`);
}

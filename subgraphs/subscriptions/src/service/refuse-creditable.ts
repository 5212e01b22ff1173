import { stillHolds } from '@fulfillment/kernel/domain/agreement/due';
import { compareDates, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { findPostedInvoice } from './hold-invoice.js';
import type { UnitOfWork } from './ports.js';

/**
 * Why an invoice cannot be given up or taken back yet: it charges for days to come of a subscription that runs, and a change or
 * cancellation would give those days back a second time. The subscriptions stay locked, so that none is changed meanwhile;
 * called before the invoice is held, as everybody locks subscriptions first.
 * @returns null when nothing stands in the way
 */
export async function refuseCreditable(work: UnitOfWork, invoiceId: string): Promise<BillingRefusal | null> {
  const found = await findPostedInvoice(work, invoiceId);
  if (!found.ok) return found.error;
  const invoice = found.value;
  const at = await work.clock.now(invoice.invoiceOwnerAccountId);
  const today = localDateAt(at, invoice.billingTimeZone);
  const toCome = invoice.lines.filter(
    ({ kind, serviceEnd }) => kind === 'CHARGE' && compareDates(serviceEnd, today) > 0,
  );
  const held = await work.subscriptions.lock([...new Set(toCome.map((line) => line.subscriptionId))]);
  const running = held.find(({ head }) => stillHolds(head.agreement, today));
  if (running === undefined) return null;
  const message = `It charges ${running.number} for days to come: cancel or change that first, which gives them back.`;
  return refusal('SUBSCRIPTION_RUNNING', message, ['invoiceId']);
}

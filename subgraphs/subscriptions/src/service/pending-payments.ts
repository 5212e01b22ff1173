import type { PendingPaymentPayload } from '@fulfillment/schema/events/subscriptions';
import { settleAttempt } from './collect-invoice.js';
import type { PaymentPort } from './payment-port.js';
import type { RunTransaction } from './run-transaction.js';
import { settleRefund } from './settle-refund.js';

/** Asks the payment provider what became of an attempt, outside of any transaction. It is safe to repeat at any time. */
export function askAfter(
  run: RunTransaction,
  port: PaymentPort,
  { kind, id }: PendingPaymentPayload,
): Promise<void> {
  return kind === 'PAYMENT' ? settleAttempt(run, port, id, 'AGAIN') : settleRefund(run, port, id, 'AGAIN');
}

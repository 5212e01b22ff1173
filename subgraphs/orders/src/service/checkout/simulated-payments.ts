import { assertNever } from '@fulfillment/kernel/domain/result';
import type { RunTransaction } from '../ports.js';
import type { PaymentOutcome, PaymentPort } from './payment-port.js';
import type { SimulatedMethod, SimulatedPayment } from './ports.js';

/** The path of the page of a payment, under the address of the service. */
export const simulatedPagePath = '/simulated-payments';

/**
 * A payment provider that moves no money. What it keeps lies in a table of its own, written in transactions of its own, as
 * with a provider elsewhere; the buyer chooses on its page how the payment goes.
 *
 * @param pageOrigin where browsers reach the service, for example `http://localhost:4001`
 */
export function createSimulatedPayments(run: RunTransaction, pageOrigin: string): PaymentPort {
  return {
    async openPage(request) {
      await run(({ simulatedPayments }) =>
        simulatedPayments.add({ ...request, method: null, refundedAt: null }),
      );
      return { status: 'OPENED', url: `${pageOrigin}${simulatedPagePath}/${request.reference}` };
    },

    outcomeOf: (reference) =>
      run(async ({ simulatedPayments, clock }) => {
        const payment = await simulatedPayments.find(reference);
        return payment === null ? { status: 'UNKNOWN' } : outcomeAt(payment, await clock.now(null));
      }),

    async refund(reference) {
      await run(async ({ simulatedPayments, clock }) =>
        simulatedPayments.refund(reference, await clock.now(null)),
      );
      return { status: 'REFUNDED' };
    },
  };
}

/** A payment that timed out is pending until its page expires, as one is that nobody made. */
function outcomeAt({ reference, method, expiresAt }: SimulatedPayment, now: Date): PaymentOutcome {
  switch (method) {
    case 'SUCCEEDS':
      return { status: 'SUCCEEDED', providerReference: `simulated-${reference}` };
    case 'DECLINES':
      return { status: 'DECLINED', reason: 'The card was declined.' };
    case 'TIMES_OUT':
    case null:
      return { status: now.getTime() >= expiresAt.getTime() ? 'EXPIRED' : 'PENDING' };
    default:
      return assertNever(method);
  }
}

/** What the buyer sees of a payment on the page; null when there is none. */
export function findSimulatedPayment(
  run: RunTransaction,
  reference: string,
): Promise<SimulatedPayment | null> {
  return run(({ simulatedPayments }) => simulatedPayments.find(reference));
}

/**
 * What happens when the buyer chooses a payment method on the page: the first choice counts, and none after the page has
 * expired.
 * @returns where the page sends the buyer; null when there is no such payment
 */
export function chooseSimulatedMethod(
  run: RunTransaction,
  reference: string,
  method: SimulatedMethod,
): Promise<string | null> {
  return run(async ({ simulatedPayments, clock }) => {
    const payment = await simulatedPayments.find(reference);
    if (payment === null) return null;
    const now = await clock.now(null);
    if (now.getTime() < payment.expiresAt.getTime()) await simulatedPayments.choose(reference, method);
    return payment.returnUrl;
  });
}

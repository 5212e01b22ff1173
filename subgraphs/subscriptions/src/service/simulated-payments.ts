import type { ChargeOutcome, ChargeRequest, PaymentPort } from './payment-port.js';

/** The tokens that decide how a simulated charge ends, as test cards do. Any other token is declined. */
export const simulatedTokens = {
  succeeds: 'pm_simulated_success',
  declines: 'pm_simulated_decline',
  /** No answer at first, and success when asked later. */
  timesOutThenSucceeds: 'pm_simulated_timeout_success',
  /** No answer at first, and a decline when asked later. */
  timesOutThenDeclines: 'pm_simulated_timeout_decline',
} as const;

/**
 * A payment provider that moves no money: the token alone decides, so that every process gives the same answer and a restart
 * forgets nothing.
 */
export function createSimulatedPayments(): PaymentPort {
  return {
    charge: async (request) => (isSlow(request) ? { status: 'PENDING' } : decision(request)),
    find: async (request) => decision(request),
  };
}

function isSlow({ paymentMethodToken }: ChargeRequest): boolean {
  return (
    paymentMethodToken === simulatedTokens.timesOutThenSucceeds ||
    paymentMethodToken === simulatedTokens.timesOutThenDeclines
  );
}

function decision({ idempotencyKey, paymentMethodToken }: ChargeRequest): ChargeOutcome {
  switch (paymentMethodToken) {
    case simulatedTokens.succeeds:
    case simulatedTokens.timesOutThenSucceeds:
      return { status: 'SUCCEEDED', reference: `simulated ${idempotencyKey}` };
    case simulatedTokens.declines:
    case simulatedTokens.timesOutThenDeclines:
      return { status: 'DECLINED', reason: 'The card was declined.' };
    default:
      return { status: 'DECLINED', reason: 'The payment method is not known.' };
  }
}

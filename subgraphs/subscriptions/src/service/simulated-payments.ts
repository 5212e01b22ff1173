import type {
  ChargeOutcome,
  ChargeRequest,
  PaymentPort,
  RefundOutcome,
  RefundRequest,
} from './payment-port.js';

/** The tokens that decide how a simulated charge ends, as test cards do. Any other token is declined. */
export const simulatedTokens = {
  succeeds: 'pm_simulated_success',
  declines: 'pm_simulated_decline',
  /** No answer at first, and success when asked later. */
  timesOutThenSucceeds: 'pm_simulated_timeout_success',
  /** No answer at first, and a decline when asked later. */
  timesOutThenDeclines: 'pm_simulated_timeout_decline',
  /** The charge succeeds, and a refund of it is declined. */
  refundDeclines: 'pm_simulated_refund_decline',
  /** The charge succeeds; a refund of it has no answer at first, and success when asked later. */
  refundTimesOutThenSucceeds: 'pm_simulated_refund_timeout_success',
  /** The charge succeeds; a refund of it has no answer at first, and a decline when asked later. */
  refundTimesOutThenDeclines: 'pm_simulated_refund_timeout_decline',
} as const;

/**
 * A payment provider that moves no money: the token alone decides, so that every process gives the same answer and a restart
 * forgets nothing. A charge's reference holds the token, so it decides on a refund too; any other reference, such as that of a
 * checkout, is refunded.
 */
export function createSimulatedPayments(): PaymentPort {
  return {
    charge: async (request) => (isSlow(request) ? { status: 'PENDING' } : decision(request)),
    find: async (request) => decision(request),
    refund: async (request) => (isSlowRefund(request) ? { status: 'PENDING' } : refundDecision(request)),
    findRefund: async (request) => refundDecision(request),
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
    case simulatedTokens.refundDeclines:
    case simulatedTokens.refundTimesOutThenSucceeds:
    case simulatedTokens.refundTimesOutThenDeclines:
      return { status: 'SUCCEEDED', reference: `${paymentMethodToken} ${idempotencyKey}` };
    case simulatedTokens.declines:
    case simulatedTokens.timesOutThenDeclines:
      return { status: 'DECLINED', reason: 'The card was declined.' };
    default:
      return { status: 'DECLINED', reason: 'The payment method is not known.' };
  }
}

function isSlowRefund({ chargeReference }: RefundRequest): boolean {
  return (
    wasChargedBy(simulatedTokens.refundTimesOutThenSucceeds, chargeReference) ||
    wasChargedBy(simulatedTokens.refundTimesOutThenDeclines, chargeReference)
  );
}

function refundDecision({ idempotencyKey, chargeReference }: RefundRequest): RefundOutcome {
  const isDeclined =
    wasChargedBy(simulatedTokens.refundDeclines, chargeReference) ||
    wasChargedBy(simulatedTokens.refundTimesOutThenDeclines, chargeReference);
  if (isDeclined) return { status: 'DECLINED', reason: 'The card takes no refund.' };
  return { status: 'SUCCEEDED', reference: `simulated-refund ${idempotencyKey}` };
}

function wasChargedBy(token: string, chargeReference: string): boolean {
  return chargeReference.startsWith(`${token} `);
}

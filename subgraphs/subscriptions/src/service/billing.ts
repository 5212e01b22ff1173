import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, type Result } from '@fulfillment/kernel/domain/result';
import { personOf, type Viewer } from '@fulfillment/kernel/domain/viewer';
import type { BillingRefusal } from '../domain/receivables/refusal.js';
import { type AdjustmentRequest, approveAdjustment, requestAdjustment } from './adjustment.js';
import { answerBilling, type BillingAnswer, legalEntityFault } from './billing-answer.js';
import { closeAccountingPeriod, type ClosePeriodRequest } from './close-accounting-period.js';
import { type CollectInvoiceRequest, settleAttempt, startCollecting } from './collect-invoice.js';
import type { PaymentPort } from './payment-port.js';
import type { UnitOfWork } from './ports.js';
import { recordPayment, type RecordPaymentRequest } from './record-payment.js';
import { type RefundPaymentRequest, startRefund } from './refund-payment.js';
import type { RunTransaction } from './run-transaction.js';
import { settleRefund } from './settle-refund.js';
import {
  discardDraftInvoice,
  postInvoice,
  type ReviewPeriodRequest,
  setInvoiceReviewPeriod,
} from './review-invoices.js';
import { type ReconciliationTermsRequest, setReconciliationTerms } from './set-reconciliation-terms.js';
import { voidInvoice } from './void-invoice.js';
import { approveWriteOff, requestWriteOff, type WriteOffRequest } from './write-off.js';

type Keyed<Input> = Input & { readonly idempotencyKey: string };

/** What a mutation does; gives the id of what it made. `callId` tells one call apart from another. */
type BillingWork<Input> = (
  unit: UnitOfWork,
  input: Input,
  callId: string,
) => Promise<Result<string, BillingRefusal>>;

interface Approve {
  readonly requestId: string;
}

/** The mutations of money, bound to who is asking. Each gives the id of what it made, or what is wrong. */
export interface Billing {
  recordPayment(input: Keyed<RecordPaymentRequest>): Promise<BillingAnswer>;
  refundPayment(input: Keyed<RefundPaymentRequest>): Promise<BillingAnswer>;
  collectInvoice(input: Keyed<CollectInvoiceRequest>): Promise<BillingAnswer>;
  voidInvoice(input: Keyed<{ readonly invoiceId: string }>): Promise<BillingAnswer>;
  postInvoice(input: Keyed<{ readonly invoiceId: string }>): Promise<BillingAnswer>;
  discardDraftInvoice(input: Keyed<{ readonly invoiceId: string }>): Promise<BillingAnswer>;
  setInvoiceReviewPeriod(input: Keyed<ReviewPeriodRequest>): Promise<BillingAnswer>;
  setReconciliationTerms(input: Keyed<ReconciliationTermsRequest>): Promise<BillingAnswer>;
  requestWriteOff(input: Keyed<WriteOffRequest>): Promise<BillingAnswer>;
  approveWriteOff(input: Keyed<Approve>): Promise<BillingAnswer>;
  requestAdjustment(input: Keyed<AdjustmentRequest>): Promise<BillingAnswer>;
  approveAdjustment(input: Keyed<Approve>): Promise<BillingAnswer>;
  closeAccountingPeriod(input: Keyed<ClosePeriodRequest>): Promise<BillingAnswer>;
}

export function createBilling(run: RunTransaction, viewer: Viewer, payments: PaymentPort): Billing {
  const person = personOf(viewer);
  const once = <Input>(
    mutation: keyof Billing,
    { idempotencyKey, ...input }: Keyed<Input>,
    work: BillingWork<Omit<Keyed<Input>, 'idempotencyKey'>>,
  ) => {
    const callId = derivedId('billing-call', person, mutation, idempotencyKey);
    const call = { viewer, mutation, idempotencyKey, input };
    return answerBilling(run, call, (unit) => work(unit, input, callId));
  };
  return {
    recordPayment: (input) => once('recordPayment', input, recordPayment),
    async refundPayment(input) {
      const answer = await once('refundPayment', input, startRefund);
      if (answer.id !== null)
        await settleRefund(run, payments, answer.id, answer.repeated ? 'AGAIN' : 'FIRST');
      return answer;
    },
    async collectInvoice(input) {
      const answer = await once('collectInvoice', input, startCollecting);
      // Outside of the transaction: a provider that is slow holds nothing up, and a repeated call asks it again.
      if (answer.id !== null)
        await settleAttempt(run, payments, answer.id, answer.repeated ? 'AGAIN' : 'FIRST');
      return answer;
    },
    voidInvoice: (input) => once('voidInvoice', input, (unit, { invoiceId }) => voidInvoice(unit, invoiceId)),
    postInvoice: (input) => once('postInvoice', input, (unit, { invoiceId }) => postInvoice(unit, invoiceId)),
    discardDraftInvoice: (input) =>
      once('discardDraftInvoice', input, (unit, { invoiceId }) =>
        discardDraftInvoice(unit, invoiceId, person),
      ),
    setInvoiceReviewPeriod: (input) =>
      once('setInvoiceReviewPeriod', input, (unit, request) => setInvoiceReviewPeriod(unit, request, person)),
    setReconciliationTerms: (input) =>
      once('setReconciliationTerms', input, (unit, request) => setReconciliationTerms(unit, request, person)),
    requestWriteOff: (input) =>
      once('requestWriteOff', input, (unit, request, callId) =>
        requestWriteOff(unit, request, person, callId),
      ),
    approveWriteOff: (input) =>
      once('approveWriteOff', input, (unit, { requestId }) => approveWriteOff(unit, requestId, person)),
    requestAdjustment: (input) =>
      once(
        'requestAdjustment',
        input,
        inBooksOfOurs((unit, request, callId) => requestAdjustment(unit, request, person, callId)),
      ),
    approveAdjustment: (input) =>
      once('approveAdjustment', input, (unit, { requestId }) => approveAdjustment(unit, requestId, person)),
    closeAccountingPeriod: (input) =>
      once(
        'closeAccountingPeriod',
        input,
        inBooksOfOurs((unit, request) => closeAccountingPeriod(unit, request, person)),
      ),
  };
}

/** Work on the books of a legal entity, refused for one that we do not have: its books would be opened by a slip of the pen. */
function inBooksOfOurs<Input extends { readonly legalEntity: string }>(
  work: BillingWork<Input>,
): BillingWork<Input> {
  return async (unit, input, callId) => {
    const fault = legalEntityFault(input.legalEntity);
    return fault === null ? work(unit, input, callId) : err(fault);
  };
}

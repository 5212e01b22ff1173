import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { amountDue } from '../domain/invoice.js';
import { invoiceWrittenOff } from '../domain/ledger/invoice-written-off.js';
import { firstOpenDay } from '../domain/receivables/accounting-period.js';
import { approvalFault, type WriteOff, writeOffFault } from '../domain/receivables/approval.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { readKnownId, readMoney, textFault } from './billing-answer.js';
import { holdInvoice } from './hold-invoice.js';
import { writeOffPayload } from './money-payloads.js';
import type { UnitOfWork } from './ports.js';
import { refuseCreditable } from './refuse-creditable.js';
import { tellInvoices } from './tell-money.js';

export interface WriteOffRequest {
  readonly invoiceId: string;
  /** All that is due when left out. */
  readonly amount?: { readonly amount: string; readonly currency: string } | null;
  readonly reason: string;
}

/**
 * Asks to give up what is due on an invoice, or a part of it.
 * @param callId tells one request apart from another
 */
export async function requestWriteOff(
  work: UnitOfWork,
  request: WriteOffRequest,
  requestedBy: string,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const reasonFault = textFault(request.reason, 'reason');
  if (reasonFault !== null) return err(reasonFault);
  const running = await refuseCreditable(work, request.invoiceId);
  if (running !== null) return err(running);
  const held = await holdInvoice(work, request.invoiceId);
  if (!held.ok) return held;
  const { invoice } = held.value;
  const due = amountDue(invoice);
  const amount = request.amount == null ? ok(due) : readMoney(request.amount, 'amount');
  if (!amount.ok) return amount;
  if (amount.value.currency !== invoice.currency) {
    const message = `The invoice is in ${invoice.currency}.`;
    return err(refusal('CURRENCY_MISMATCH', message, ['amount', 'currency']));
  }
  const fault = writeOffFault(amount.value, due);
  if (fault !== null) return err(fault);
  const id = derivedId('write-off', invoice.id, callId);
  const requestedAt = await work.clock.now(invoice.invoiceOwnerAccountId);
  const { reason } = request;
  const writeOff = {
    id,
    invoiceId: invoice.id,
    amount: amount.value,
    reason,
    requestedBy,
    requestedAt,
  };
  await addWriteOff(work, writeOff, invoice.invoiceOwnerAccountId);
  return ok(id);
}

/** Approves a write-off that another person asked for: it takes effect, booked on the present day or the first open one. */
export async function approveWriteOff(
  work: UnitOfWork,
  requestId: string,
  approvedBy: string,
): Promise<Result<string, BillingRefusal>> {
  const id = readKnownId(requestId);
  const found = id === null ? null : await work.approvals.findWriteOff(id);
  if (found === null) return err(refusal('REQUEST_NOT_FOUND', 'There is no such write-off.', ['requestId']));
  const { request, approval } = found;
  const personFault = approvalFault(request, approvedBy, approval);
  if (personFault !== null) return err(personFault);
  const running = await refuseCreditable(work, request.invoiceId);
  if (running !== null) return err({ ...running, field: ['requestId'] });
  const held = await holdInvoice(work, request.invoiceId);
  if (!held.ok) return held;
  const { invoice, books } = held.value;
  const fault = writeOffFault(request.amount, amountDue(invoice));
  if (fault !== null) return err(fault);
  const at = await work.clock.now(invoice.invoiceOwnerAccountId);
  const { requestedBy } = request;
  await work.approvals.approve({ requestId: request.id, requestedBy, approvedBy, approvedAt: at });
  const bookedOn = firstOpenDay(localDateAt(at, invoice.billingTimeZone), books.closedThrough);
  const entry = invoiceWrittenOff(request, invoice, { bookedOn, at });
  await work.ledger.record(entry === null ? [] : [entry], []);
  await work.moneyEvents.writeOff(writeOffPayload(request, invoice.invoiceOwnerAccountId, approvedBy), at);
  await tellInvoices(work, [invoice.id], at);
  return ok(request.id);
}

/** Writes down that somebody asks to give up an amount, and tells of it. */
export async function addWriteOff(
  work: Pick<UnitOfWork, 'approvals' | 'moneyEvents'>,
  writeOff: WriteOff,
  invoiceOwnerAccountId: string,
): Promise<void> {
  await work.approvals.addWriteOff(writeOff);
  const payload = writeOffPayload(writeOff, invoiceOwnerAccountId, null);
  await work.moneyEvents.writeOff(payload, writeOff.requestedAt);
}

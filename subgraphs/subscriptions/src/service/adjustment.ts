import { type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { adjusted } from '../domain/ledger/adjusted.js';
import type { LedgerAccount } from '../domain/ledger/ledger-account.js';
import { closedFault } from '../domain/receivables/accounting-period.js';
import { adjustmentFault, approvalFault } from '../domain/receivables/approval.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { readKnownId, readMoney, textFault } from './billing-answer.js';
import { adjustmentPayload } from './money-payloads.js';
import type { UnitOfWork } from './ports.js';

export interface AdjustmentRequest {
  readonly legalEntity: string;
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly amount: { readonly amount: string; readonly currency: string };
  /** Today (UTC) when left out. */
  readonly bookedOn?: LocalDate | null;
  readonly reason: string;
}

/**
 * Asks to move an amount from one ledger account to another on an open day.
 * @param callId tells one request apart from another
 */
export async function requestAdjustment(
  work: UnitOfWork,
  request: AdjustmentRequest,
  requestedBy: string,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const { legalEntity: legalEntityCode, debit, credit, reason } = request;
  const fault = textFault(reason, 'reason');
  if (fault !== null) return err(fault);
  const amount = readMoney(request.amount, 'amount');
  if (!amount.ok) return amount;
  const requestedAt = await work.clock.now(null);
  const bookedOn = request.bookedOn ?? localDateAt(requestedAt, 'UTC');
  const booksOf = await work.ledger.open([legalEntityCode]);
  const refused =
    adjustmentFault({ amount: amount.value, debit, credit }) ??
    closedFault(bookedOn, booksOf(legalEntityCode).closedThrough, ['bookedOn']);
  if (refused !== null) return err(refused);
  const id = derivedId('adjustment', requestedBy, callId);
  const facts = { id, legalEntityCode, debit, credit, amount: amount.value, bookedOn };
  const adjustment = { ...facts, reason, requestedBy, requestedAt };
  await work.approvals.addAdjustment(adjustment);
  await work.moneyEvents.adjustment(adjustmentPayload(adjustment, null), requestedAt);
  return ok(id);
}

/** Approves an adjustment that another person asked for: it takes effect on its own day, which must still be open. */
export async function approveAdjustment(
  work: UnitOfWork,
  requestId: string,
  approvedBy: string,
): Promise<Result<string, BillingRefusal>> {
  const id = readKnownId(requestId);
  const found = id === null ? null : await work.approvals.findAdjustment(id);
  if (found === null) return err(refusal('REQUEST_NOT_FOUND', 'There is no such adjustment.', ['requestId']));
  const { request, approval } = found;
  const booksOf = await work.ledger.open([request.legalEntityCode]);
  const fault =
    approvalFault(request, approvedBy, approval) ??
    closedFault(request.bookedOn, booksOf(request.legalEntityCode).closedThrough, ['requestId']);
  if (fault !== null) return err(fault);
  const approvedAt = await work.clock.now(null);
  const { requestedBy } = request;
  await work.approvals.approve({ requestId: request.id, requestedBy, approvedBy, approvedAt });
  const entry = adjusted(request, approvedAt);
  await work.ledger.record(entry === null ? [] : [entry], []);
  await work.moneyEvents.adjustment(adjustmentPayload(request, approvedBy), approvedAt);
  return ok(request.id);
}

import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Money } from '@fulfillment/kernel/domain/money';
import { isControlAccount, type LedgerAccount } from '../ledger/ledger-account.js';
import { type BillingRefusal, refusal } from './refusal.js';

/** What one person asks for and another approves. */
interface Request {
  readonly id: string;
  readonly amount: Money;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
}

/** A wish to give up an amount that is due on an invoice. */
export interface WriteOff extends Request {
  readonly invoiceId: string;
}

/** A wish to move an amount from one ledger account to another. */
export interface Adjustment extends Request {
  readonly legalEntityCode: string;
  /** The account that is debited, and the one that is credited. */
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly bookedOn: LocalDate;
}

/** That a second person agreed: it has effect from then on. */
export interface Approval {
  readonly requestId: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly approvedAt: Date;
}

/** The name of the system where it asks for something itself. */
export const systemRequester = 'system';

/** Why a person may not approve a request; null when they may. */
export function approvalFault(
  { requestedBy }: Pick<Request, 'requestedBy'>,
  person: string,
  approved: Approval | null,
): BillingRefusal | null {
  if (approved !== null) {
    return refusal('ALREADY_APPROVED', `${approved.approvedBy} has approved it already.`, ['requestId']);
  }
  if (requestedBy === person) {
    return refusal('SAME_PERSON', 'You asked for it yourself: another person has to approve it.', [
      'requestId',
    ]);
  }
  return null;
}

/** Why an amount of an invoice cannot be given up; null when it can. */
export function writeOffFault(amount: Money, due: Money): BillingRefusal | null {
  if (amount.minor > 0n && amount.minor <= due.minor) return null;
  const message = 'Give an amount above zero and at most what is still due on the invoice.';
  return refusal('AMOUNT_OUT_OF_RANGE', message, ['amount']);
}

/** Why an adjustment cannot be made; null when it can. */
export function adjustmentFault({
  amount,
  debit,
  credit,
}: Pick<Adjustment, 'amount' | 'debit' | 'credit'>): BillingRefusal | null {
  if (amount.minor <= 0n) return refusal('AMOUNT_OUT_OF_RANGE', 'Give an amount above zero.', ['amount']);
  if (debit === credit) {
    return refusal('LEDGER_ACCOUNT_INVALID', 'Give two different ledger accounts.', ['credit']);
  }
  if (!isControlAccount(debit) && !isControlAccount(credit)) return null;
  const field = isControlAccount(debit) ? 'debit' : 'credit';
  const message =
    'Receivables, deferred revenue and account credit change by documents alone: post one instead.';
  return refusal('LEDGER_ACCOUNT_INVALID', message, [field]);
}

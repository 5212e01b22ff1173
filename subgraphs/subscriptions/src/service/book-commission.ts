import { isCurrency, money } from '@fulfillment/kernel/domain/money';
import type { CommissionEarnedPayload } from '@fulfillment/schema/events/partners';
import { commissionEarned } from '../domain/ledger/commission-earned.js';
import { firstOpenDay } from '../domain/receivables/accounting-period.js';
import type { UnitOfWork } from './ports.js';

/** What partners earned cannot be booked; the event stays with the bus until somebody has looked. */
export class CommissionBookingError extends Error {
  override name = 'CommissionBookingError';
}

/**
 * Books what a partner earned, or what was taken back of it: on the day of the document that it comes from, or on the first open
 * one, in the books of the legal entity that sold. Told again, nothing is booked.
 * @throws CommissionBookingError
 */
export async function bookCommission(work: UnitOfWork, commission: CommissionEarnedPayload): Promise<void> {
  const { id, invoiceId, amount } = commission;
  if (!isCurrency(amount.currency))
    throw new CommissionBookingError(`Commission ${id} is in an unknown currency ${amount.currency}`);
  const document = await work.documents.findIssued(invoiceId);
  if (document === null)
    throw new CommissionBookingError(`Commission ${id} is on document ${invoiceId}, which is not known`);
  const { legalEntityCode, invoiceOwnerAccountId, issuedOn } = document;
  const booksOf = await work.ledger.open([legalEntityCode]);
  if (await work.ledger.isBooked('COMMISSION_EARNED', id)) return;
  const entry = commissionEarned(
    { id, legalEntityCode, amount: money(BigInt(amount.minor), amount.currency) },
    firstOpenDay(issuedOn, booksOf(legalEntityCode).closedThrough),
    await work.clock.now(invoiceOwnerAccountId),
  );
  await work.ledger.record(entry === null ? [] : [entry], []);
}

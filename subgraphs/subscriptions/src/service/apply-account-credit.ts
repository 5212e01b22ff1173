import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { settleWithCredit } from '../domain/receivables/settlement.js';
import type { HeldInvoice } from './hold-invoice.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';
import { tellUses } from './tell-money.js';

/** Lets the credit of an invoice's owner settle what it owes, when credit became free or was added. */
export async function applyAccountCredit(
  work: ReceivablesUnitOfWork,
  { invoice, booksOf }: HeldInvoice,
  { bookedOn, at }: { readonly bookedOn: LocalDate; readonly at: Date },
): Promise<void> {
  const accountIds = [invoice.invoiceOwnerAccountId];
  const open = {
    credits: await work.credits.openCredits(accountIds),
    invoices: await work.credits.openInvoices(accountIds),
  };
  const settled = settleWithCredit(open, [], { dayOf: () => bookedOn, booksOf, at });
  await work.credits.add([], settled.uses);
  await work.ledger.record(
    settled.entries.filter((applied) => applied !== null),
    [],
  );
  await tellUses(work, settled.uses, at);
}

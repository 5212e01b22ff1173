import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Invoice } from '../domain/invoice.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import type { Books, BooksOf } from '../domain/receivables/settlement.js';
import { readKnownId } from './billing-answer.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';

/** An invoice of which nobody else settles anything until the transaction ends, and the books that it stands in. */
export interface HeldInvoice {
  readonly invoice: Invoice;
  readonly books: Books;
  readonly booksOf: BooksOf;
}

/**
 * An invoice that is posted. A draft is being posted by somebody else at times: this waits for that, and then finds the invoice; one
 * that stays a draft is refused, and nobody posts it until the transaction ends.
 */
export async function findPostedInvoice(
  work: Pick<ReceivablesUnitOfWork, 'documents' | 'drafts'>,
  invoiceId: string,
): Promise<Result<Invoice, BillingRefusal>> {
  const id = readKnownId(invoiceId);
  if (id === null) return err(invoiceNotFound());
  const known = await work.documents.findInvoice(id);
  if (known !== null) return ok(known);
  if ((await work.drafts.lock(id)) !== null) {
    const message = 'It is a draft, and nothing is owed for it yet: post it first.';
    return err(refusal('INVOICE_NOT_POSTED', message, ['invoiceId']));
  }
  const posted = await work.documents.findInvoice(id);
  return posted === null ? err(invoiceNotFound()) : ok(posted);
}

/** Takes an invoice's books and its account, in the order in which everybody does, and reads it as it then stands. */
export async function holdInvoice(
  work: ReceivablesUnitOfWork,
  invoiceId: string,
): Promise<Result<HeldInvoice, BillingRefusal>> {
  const known = await findPostedInvoice(work, invoiceId);
  return known.ok ? ok(await holdKnownInvoice(work, known.value)) : known;
}

/** As `holdInvoice`, by a payment on it. */
export async function holdInvoiceOfPayment(
  work: ReceivablesUnitOfWork,
  paymentId: string,
): Promise<Result<HeldInvoice, BillingRefusal>> {
  const id = readKnownId(paymentId);
  const known = id === null ? null : await work.documents.findInvoiceOfPayment(id);
  if (known !== null) return ok(await holdKnownInvoice(work, known));
  return err(refusal('PAYMENT_NOT_FOUND', 'There is no payment with this id.', ['paymentId']));
}

async function holdKnownInvoice(work: ReceivablesUnitOfWork, known: Invoice): Promise<HeldInvoice> {
  const booksOf = await work.ledger.open([known.legalEntityCode]);
  await work.credits.lockAccounts([known.invoiceOwnerAccountId]);
  const invoice = await work.documents.findInvoice(known.id);
  if (invoice === null) throw new Error(`Invoice ${known.id} is gone`);
  return { invoice, books: booksOf(invoice.legalEntityCode), booksOf };
}

function invoiceNotFound(): BillingRefusal {
  return refusal('INVOICE_NOT_FOUND', 'There is no invoice with this id.', ['invoiceId']);
}

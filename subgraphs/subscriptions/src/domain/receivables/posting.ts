import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { booksCodeOf } from '../ledger/books-code.js';
import { creditMemoPosted } from '../ledger/credit-memo-posted.js';
import type { LedgerEntry } from '../ledger/entry.js';
import { invoicePosted } from '../ledger/invoice-posted.js';
import { revenueSchedules, type RevenueSchedule } from '../ledger/revenue-schedule.js';
import type { InvoiceDraft } from '../invoice.js';
import {
  accountCredit,
  type AccountCredit,
  applyCredits,
  type CreditUse,
  openCredit,
  type OpenInvoice,
} from './account-credit.js';
import { firstOpenDay } from './accounting-period.js';
import type { CreditMemoDraft } from './credit-memo.js';
import type { DocumentDraft } from './document.js';
import { type BooksOf, type OpenItems, settleWithCredit } from './settlement.js';

/** Everything that posting documents writes. */
export interface PostingPlan {
  readonly invoices: readonly InvoiceDraft[];
  readonly creditMemos: readonly CreditMemoDraft[];
  readonly credits: readonly AccountCredit[];
  readonly uses: readonly CreditUse[];
  readonly entries: readonly LedgerEntry[];
  readonly schedules: readonly RevenueSchedule[];
}

/**
 * What posting documents comes to: the documents, the credit that credit memos open, the account credit that settles what is
 * due, and the ledger entries and revenue schedules of all that. Booked on the day of the document, or on the first open day.
 */
export function planPosting(
  documents: readonly DocumentDraft[],
  open: OpenItems,
  booksOf: BooksOf,
  at: Date,
): PostingPlan {
  const invoices = documents.flatMap((document) => (document.kind === 'INVOICE' ? [document.draft] : []));
  const creditMemos = documents.flatMap((document) =>
    document.kind === 'CREDIT_MEMO' ? [document.draft] : [],
  );
  const credits = creditMemos.map(creditOf);
  const items: OpenItems = {
    credits: [...open.credits, ...credits.map(openCredit)],
    invoices: [...open.invoices, ...invoices.map(openInvoice)],
  };
  const voided = creditMemos.flatMap((memo) => voidingUses(memo, items, at));
  const days = newestDays(documents);
  const settled = settleWithCredit(items, voided, { dayOf: (accountId) => days.get(accountId), booksOf, at });
  const bookedOn = (draft: InvoiceDraft | CreditMemoDraft) =>
    firstOpenDay(draft.issuedOn, booksOf(draft.legalEntityCode).closedThrough);
  return {
    invoices,
    creditMemos,
    credits,
    uses: settled.uses,
    entries: [
      ...invoices.map((draft) => invoicePosted(draft, bookedOn(draft))),
      ...creditMemos.map((draft) => creditMemoPosted(draft, bookedOn(draft))),
      ...settled.entries,
    ].filter((entry) => entry !== null),
    schedules: [...invoices, ...creditMemos].flatMap((draft) =>
      revenueSchedules(draft, booksOf(booksCodeOf(draft)).recognizedThrough.get(draft.currency) ?? null),
    ),
  };
}

/** A credit memo that voids an invoice settles that one before any other. */
function voidingUses(memo: CreditMemoDraft, { credits, invoices }: OpenItems, at: Date): CreditUse[] {
  if (memo.voidsInvoiceId === null) return [];
  return applyCredits(
    credits.filter(({ sourceId }) => sourceId === memo.id),
    invoices.filter(({ id }) => id === memo.voidsInvoiceId),
    at,
  );
}

/** By account, the newest day of issue among its documents. */
function newestDays(documents: readonly DocumentDraft[]): Map<string, LocalDate> {
  const days = new Map<string, LocalDate>();
  for (const { draft } of documents) {
    const known = days.get(draft.invoiceOwnerAccountId);
    if (known === undefined || compareDates(known, draft.issuedOn) < 0) {
      days.set(draft.invoiceOwnerAccountId, draft.issuedOn);
    }
  }
  return days;
}

function creditOf(memo: CreditMemoDraft): AccountCredit {
  return accountCredit({
    accountId: memo.invoiceOwnerAccountId,
    legalEntityCode: memo.legalEntityCode,
    amount: memo.total,
    source: 'CREDIT_MEMO',
    sourceId: memo.id,
    openedAt: memo.postedAt,
  });
}

function openInvoice(draft: InvoiceDraft): OpenInvoice {
  const { id, invoiceOwnerAccountId, legalEntityCode, dueOn, total } = draft;
  return { id, accountId: invoiceOwnerAccountId, legalEntityCode, dueOn, amountDue: total };
}

import { booksCodeOf } from '../domain/ledger/books-code.js';
import type { DocumentDraft } from '../domain/receivables/document.js';
import { planPosting } from '../domain/receivables/posting.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';
import { tellPosted } from './tell-money.js';

/**
 * Posts documents in the caller's transaction: they get their numbers, account credit settles what is due, the ledger and the
 * revenue schedules are written, and what changed is told. The number of statements does not grow with the documents.
 * Call it last: books, accounts and then numbers are locked until the transaction ends, in this order for everybody.
 * @param at the instant of posting
 * @returns the numbers by the documents' ids
 */
export async function postDocuments(
  work: Pick<ReceivablesUnitOfWork, 'ledger' | 'credits' | 'documents' | 'moneyEvents'>,
  documents: readonly DocumentDraft[],
  at: Date,
): Promise<ReadonlyMap<string, string>> {
  if (documents.length === 0) return new Map();
  const booksOf = await work.ledger.open(
    documents.flatMap(({ draft }) => [draft.legalEntityCode, booksCodeOf(draft)]),
  );
  const accountIds = [...new Set(documents.map(({ draft }) => draft.invoiceOwnerAccountId))];
  await work.credits.lockAccounts(accountIds);
  const credits = await work.credits.openCredits(accountIds);
  const creditors = new Set(credits.map(({ accountId }) => accountId));
  for (const { kind, draft } of documents) {
    if (kind === 'CREDIT_MEMO') creditors.add(draft.invoiceOwnerAccountId);
  }
  // Where there is no credit, nothing older can be settled now.
  const invoices = creditors.size === 0 ? [] : await work.credits.openInvoices([...creditors]);
  const plan = planPosting(documents, { credits, invoices }, booksOf, at);
  const numbers = await work.documents.post(plan.invoices, plan.creditMemos);
  await work.credits.add(plan.credits, plan.uses);
  await work.ledger.record(plan.entries, plan.schedules);
  await tellPosted(work, plan, numbers, at);
  return numbers;
}

import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Account } from '../domain/account.js';
import type { BilledLine } from '../domain/billed-line.js';
import { type DocumentDraft, draftDocument } from '../domain/receivables/document.js';
import { postDocuments } from './post-documents.js';
import type { UnitOfWork } from './ports.js';
import { tellPartner } from './tell-partner.js';

/** Lines that one account is to be billed, before they stand on a document. */
export interface Bill {
  /** The document's id: the same bill always makes the same. */
  readonly id: string;
  readonly orderId: string | null;
  /** The day on which the contract made it due; null where an order did. */
  readonly fellDueOn: LocalDate | null;
  readonly invoiceOwner: Account;
  /** The partner of record, who is told of what it sold. */
  readonly partnerId: string | null;
  readonly lines: readonly BilledLine[];
}

/** A document before it is posted, and the partner who is told of it. */
export interface Postable {
  readonly partnerId: string | null;
  readonly document: DocumentDraft;
}

/** The document of a bill. One that comes to nothing on every line makes none: there is nothing to demand. */
export function postablesOf(bill: Bill, at: Date): Postable[] {
  const document = draftDocument({ ...bill, at });
  return document === null ? [] : [{ partnerId: bill.partnerId, document }];
}

/**
 * Posts documents and tells partners of what they sold. Called last in a transaction, because the postings of a legal entity
 * wait for each other from then on.
 */
export async function postAll(work: UnitOfWork, drafted: readonly Postable[], at: Date): Promise<void> {
  if (drafted.length === 0) return;
  const posted = await postDocuments(
    work,
    drafted.map(({ document }) => document),
    at,
  );
  await Promise.all(
    drafted.map(async ({ partnerId, document }) => {
      if (partnerId === null) return;
      await tellPartner(work, { partnerId, document, number: posted.get(document.draft.id) ?? '' }, at);
    }),
  );
}

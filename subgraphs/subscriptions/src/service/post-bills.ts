import type { Account } from '../domain/account.js';
import type { BilledLine } from '../domain/billed-line.js';
import { draftDocument } from '../domain/receivables/document.js';
import { postDocuments } from './post-documents.js';
import type { UnitOfWork } from './ports.js';
import { tellPartner } from './tell-partner.js';

/** Lines that one account is to be billed, before they stand on a document. */
export interface Bill {
  /** The document's id: the same bill always makes the same. */
  readonly id: string;
  readonly orderId: string | null;
  readonly invoiceOwner: Account;
  /** The partner of record, who is told of what it sold. */
  readonly partnerId: string | null;
  readonly lines: readonly BilledLine[];
}

/**
 * Posts the documents of bills and tells partners of what they sold. A bill that comes to nothing on every line makes no
 * document: there is nothing to demand. Called last in a transaction, because the postings of a legal entity wait for each
 * other from then on.
 */
export async function postBills(work: UnitOfWork, bills: readonly Bill[], at: Date): Promise<void> {
  const drafted = bills.flatMap((bill) => {
    const document = draftDocument({ ...bill, at });
    return document === null ? [] : [{ bill, document }];
  });
  if (drafted.length === 0) return;
  const posted = await postDocuments(
    work,
    drafted.map(({ document }) => document),
    at,
  );
  await Promise.all(
    drafted.map(async ({ bill: { partnerId }, document }) => {
      if (partnerId === null) return;
      await tellPartner(work, { partnerId, document, number: posted.get(document.draft.id) ?? '' }, at);
    }),
  );
}

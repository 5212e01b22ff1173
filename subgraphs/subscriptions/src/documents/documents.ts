import type { Documents, Party, RenderedDocument } from '../service/documents.js';
import { creditMemoDocument, type DocumentFacts, invoiceDocument } from './from-domain.js';
import type { InvoiceDocument } from './invoice-document.js';
import { renderInvoicePdf } from './render-invoice-pdf.js';

/** @param buyerOf the invoice owner by its account id; null where it is not known or may not be seen */
export function createDocuments(buyerOf: (accountId: string) => Promise<Party | null>): Documents {
  const draw = async (
    accountId: string,
    documentOf: (facts: DocumentFacts) => InvoiceDocument,
  ): Promise<RenderedDocument | null> => {
    const buyer = await buyerOf(accountId);
    // Invoices and credit memos do not keep the purchase order number of their order.
    return buyer === null ? null : asPdf(documentOf({ buyer, purchaseOrderNumber: null }));
  };
  return {
    ofInvoice: (invoice) => draw(invoice.invoiceOwnerAccountId, (facts) => invoiceDocument(invoice, facts)),
    ofCreditMemo: (memo) => draw(memo.invoiceOwnerAccountId, (facts) => creditMemoDocument(memo, facts)),
  };
}

async function asPdf(document: InvoiceDocument): Promise<RenderedDocument> {
  const kind = document.kind === 'INVOICE' ? 'invoice' : 'credit-memo';
  return {
    fileName: `${kind}-${document.number ?? 'draft'}.pdf`,
    mediaType: 'application/pdf',
    bytes: await renderInvoicePdf(document),
  };
}

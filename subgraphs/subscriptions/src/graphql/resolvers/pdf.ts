import type { RenderedDocument as File } from '../../service/documents.js';
import type { CreditMemoResolvers, InvoiceResolvers, RenderedDocument } from '../__generated__/resolvers.js';

export const invoicePdf: NonNullable<InvoiceResolvers['pdf']> = async (invoice, _args, { documents }) =>
  invoice.number === null ? null : fileToGraphql(await documents.ofInvoice(invoice));

export const creditMemoPdf: NonNullable<CreditMemoResolvers['pdf']> = async (memo, _args, { documents }) =>
  fileToGraphql(await documents.ofCreditMemo(memo));

function fileToGraphql(file: File | null): RenderedDocument | null {
  if (file === null) return null;
  const { fileName, mediaType, bytes } = file;
  return { fileName, mediaType, base64: Buffer.from(bytes).toString('base64') };
}

import type { Loaders } from './loaders.js';
import type { InvoiceMapper } from './mappers.js';

/** The posted invoice with an id, or the draft that will be it; null when there is neither or the viewer may not see it. */
export async function invoiceOrDraft(id: string, loaders: Loaders): Promise<InvoiceMapper | null> {
  return (await loaders.invoice.load(id)) ?? loaders.draft.load(id);
}

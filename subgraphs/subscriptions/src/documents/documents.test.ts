import { describe, expect, test } from 'vitest';
import { readPdf } from '../../test/read-pdf.js';
import { exampleInvoice } from '../../test/example-invoice.js';
import { voidingCreditMemo } from '../domain/receivables/credit-memo.js';
import { createDocuments } from './documents.js';

const documents = createDocuments(async (accountId) =>
  accountId === exampleInvoice.invoiceOwnerAccountId ? { name: 'Jansen B.V.', countryCode: 'NL' } : null,
);
const draft = voidingCreditMemo(exampleInvoice, exampleInvoice.id, exampleInvoice.postedAt);

describe('documents', () => {
  test.each([
    ['invoice-EU-00000001.pdf', 'Amount due EUR 3,906.08', () => documents.ofInvoice(exampleInvoice)],
    [
      'credit-memo-EU-CM-00000001.pdf',
      'EUR 3,918.38 credit',
      () => documents.ofCreditMemo({ ...draft, number: 'EU-CM-00000001' }),
    ],
  ])('%s', async (fileName, row, ask) => {
    const file = await ask();
    expect(file).toMatchObject({ fileName, mediaType: 'application/pdf' });
    const { pages } = await readPdf(file?.bytes ?? new Uint8Array());
    expect(pages.flat()).toContain(row);
    expect(pages.flat().some((text) => text.startsWith('Jansen B.V.'))).toBe(true);
  });

  test('of an invoice owner whom the viewer may not see, there is none', async () => {
    const foreign = { ...exampleInvoice, invoiceOwnerAccountId: exampleInvoice.id };
    expect(await documents.ofInvoice(foreign)).toBeNull();
  });
});

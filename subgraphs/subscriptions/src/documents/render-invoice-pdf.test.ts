import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exampleDocument, exampleLine } from '../../test/example-document.js';
import { readPdf } from '../../test/read-pdf.js';
import { renderInvoicePdf } from './render-invoice-pdf.js';
import type { InvoiceDocument } from './invoice-document.js';

const tableHeader = 'Description Service period Quantity Unit price Net amount Tax rate Tax';

async function rowsOf(document: InvoiceDocument): Promise<string[]> {
  return (await readPdf(await renderInvoicePdf(document))).pages.flat();
}

test('an invoice shows who sells, who pays, every line and how its sum comes about', async () => {
  const lines = [
    exampleLine(348_000n),
    exampleLine(114_000n, { description: 'AI add-on', quantity: 5, unitPrice: '19' }),
    exampleLine(-24_167n, { description: 'Credit: Premium', unitPrice: '0.00006', pricePeriod: 'YEAR' }),
    exampleLine(-10_000n, {
      description: 'Discount',
      quantity: 1,
      unitPrice: null,
      pricePeriod: 'ONE_TIME',
      servicePeriod: null,
    }),
  ];
  const document = exampleDocument(
    lines,
    { purchaseOrderNumber: 'PO-2025-0815' },
    { amountPaid: money(100_050n, 'EUR'), creditApplied: money(2_000n, 'EUR'), writtenOff: money(8n, 'EUR') },
  );
  expect(await rowsOf(document)).toEqual([
    'Fulfillment Example B.V.',
    'Invoice',
    'Netherlands',
    'Billed to Invoice number EU-00001234',
    'Jansen & Zonen B.V. Issued 2025-03-05',
    'Netherlands Due 2025-04-04',
    'Purchase order PO-2025-0815',
    'EUR 4,156.20 due by 2025-04-04',
    tableHeader,
    'Premium 2025-03-05 – 2026-03-04 10 29.00 / month 3,480.00 21% 730.80',
    'AI add-on 2025-03-05 – 2026-03-04 5 19.00 / month 1,140.00 21% 239.40',
    'Credit: Premium 2025-03-05 – 2026-03-04 10 0.00006 / year -241.67 21% -50.75',
    'Discount 1 -100.00 21% -21.00',
    'Net 4,278.33',
    'Tax 21% NL on 4,278.33 898.45',
    'Total EUR 5,176.78',
    'Paid 1,000.50',
    'Account credit applied 20.00',
    'Written off 0.08',
    'Amount due EUR 4,156.20',
    'Fulfillment Example B.V. · Invoice EU-00001234 Page 1 of 1',
  ]);
});

describe('a credit memo', () => {
  const facts = { kind: 'CREDIT_MEMO', number: 'EU-CM-00000007', dueOn: null } as const;

  test('says so and is due on no day', async () => {
    const rows = await rowsOf(exampleDocument([exampleLine(64_500n)], { ...facts, settlement: null }));
    expect(rows).toContain('Credit memo');
    expect(rows).toContain('Billed to Credit memo number EU-CM-00000007');
    expect(rows).toContain('EUR 780.45 credit');
    expect(rows.at(-2)).toBe('Total EUR 780.45');
    expect(rows.filter((row) => /due/i.test(row))).toEqual([]);
  });

  test('tells what became of the credit, where that is known', async () => {
    const applied = { creditApplied: money(50_000n, 'EUR') };
    const rows = await rowsOf(exampleDocument([exampleLine(64_500n)], facts, applied));
    expect(rows).toContain('Applied to invoices 500.00');
    expect(rows).toContain('Credit left EUR 280.45');
  });
});

test.each([
  ['a draft', { mark: 'DRAFT', number: null }, 'Draft invoice'],
  ['what was taken back', { mark: 'VOID' }, 'Void invoice'],
] as const)('%s says so and demands nothing in its heading', async (_, changes, title) => {
  const rows = await rowsOf(exampleDocument([exampleLine(10_000n)], changes));
  expect(rows).toContain(title);
  expect(rows).toContain('EUR 121.00');
});

describe('tax', () => {
  test('is shown by rate, and where none is charged it says why', async () => {
    const german = (reason: TaxRate['reason']): TaxRate => ({ rate: '0', jurisdiction: 'DE', reason });
    const lines = [
      exampleLine(10_000n),
      exampleLine(20_000n, { rate: german('REVERSE_CHARGE') }),
      exampleLine(30_000n),
      exampleLine(-5_000n, { rate: { rate: '25.5', jurisdiction: 'FI', reason: 'DESTINATION' } }),
      exampleLine(100n, { rate: { rate: '0', jurisdiction: 'US', reason: 'NOT_REGISTERED' } }),
      exampleLine(100n, { rate: { rate: '0', jurisdiction: 'GB', reason: 'EXPORT' } }),
      exampleLine(100n, { rate: german('EXEMPT') }),
    ];
    const text = (await rowsOf(exampleDocument(lines))).join(' ');
    expect(text).toContain('Tax 21% NL on 400.00 84.00');
    expect(text).toContain('Tax 0% DE on 200.00 0.00');
    expect(text).toContain('Tax 25.5% FI on -50.00 -12.75');
    for (const words of ['Reverse charge:', 'not registered to', 'outside the tax', 'not subject to tax']) {
      expect(text).toContain(words);
    }
  });
});

test.each([
  ['JPY', 500n, '29', ['29 / month 500 21% 105', 'Total JPY 605']],
  ['KWD', 100_500n, '29', ['29.000 / month 100.500 21% 21.105', 'Total KWD 121.605']],
  ['USD', -123_456_789n, '29.5', ['29.50 / month -1,234,567.89 21% -259,259.26', 'Total USD -1,493,827.15']],
] as const)('%s has its own digits', async (currency, minor, unitPrice, expected) => {
  const rows = await rowsOf(exampleDocument([exampleLine(minor, { currency, unitPrice })]));
  for (const text of expected) expect(rows.join('\n')).toContain(text);
});

test.each([
  ['paid', { amountPaid: money(12_100n, 'EUR') }],
  ['paid from account credit', { creditApplied: money(12_100n, 'EUR') }],
])('an invoice that is %s demands nothing', async (_, settled) => {
  expect(await rowsOf(exampleDocument([exampleLine(10_000n)], {}, settled))).toContain('EUR 121.00 settled');
});

test('200 lines: each is there once, on pages that repeat the header and count themselves', async () => {
  const lines = Array.from({ length: 200 }, (_, index) =>
    exampleLine(BigInt(index + 1) * 100n, { description: `Product ${index + 1}` }),
  );
  const { pages } = await readPdf(await renderInvoicePdf(exampleDocument(lines)));
  expect(pages).toHaveLength(8);
  pages.forEach((rows, index) => {
    expect(rows.at(-1)).toBe(`Fulfillment Example B.V. · Invoice EU-00001234 Page ${index + 1} of 8`);
    if (rows.some((row) => row.startsWith('Product'))) expect(rows).toContain(tableHeader);
  });
  const found = pages.flat().filter((row) => row.startsWith('Product'));
  const amounts = found.map((row) => /^(Product \d+) .* month ([\d.]+) 21%/.exec(row)?.slice(1));
  expect(amounts).toEqual(lines.map((line, index) => [line.description, `${index + 1}.00`]));
  expect(pages.at(-1)).toContain('Amount due EUR 24,321.00');
});

test.each(Array.from({ length: 24 }, (_, index) => index + 6))(
  'with %i lines the totals stand together on one page, above the footer',
  async (count) => {
    const lines = Array.from({ length: count }, () => exampleLine(10_000n));
    const { pages } = await readPdf(await renderInvoicePdf(exampleDocument(lines)));
    const last = pages.at(-1) ?? [];
    const totals = last.findIndex((row) => row.startsWith('Net '));
    expect(last.slice(totals).map((row) => row.split(' ')[0])).toEqual([
      'Net',
      'Tax',
      'Total',
      'Amount',
      'Fulfillment',
    ]);
  },
);

test('without lines it still is a document', async () => {
  const rows = await rowsOf(exampleDocument([]));
  expect(rows).toContain(tableHeader);
  expect(rows).toContain('Total EUR 0.00');
});

describe('names and texts', () => {
  test.each([
    ['Greek and Cyrillic', 'Ελληνική Εταιρεία, Київстар', 'Ελληνική Εταιρεία, Київстар'],
    ['Latin with marks, composed', 'Łódź Zażo\u0301łc\u0301 AS', 'Łódź Zażółć AS'],
    ['Japanese', '株式会社 KK', '\uFFFD\uFFFD\uFFFD\uFFFD KK'],
    ['Hebrew and its invisible marks', '\u202Bשלום\u202C Ltd', '\uFFFD\uFFFD\uFFFD\uFFFD Ltd'],
    ['Arabic', 'شركة Co', '\uFFFD\uFFFD\uFFFD\uFFFD Co'],
    ['an emoji', 'Rocket 🚀 GmbH', 'Rocket \uFFFD GmbH'],
    ['half of a pair', 'Half \uD83D GmbH', 'Half \uFFFD GmbH'],
    ['lines and tabs', 'Two\nlines\tand more', 'Two lines and more'],
  ])('%s', async (_, name, shown) => {
    const rows = await rowsOf(exampleDocument([], { buyer: { name, countryCode: 'XX' } }));
    expect(rows.filter((row) => row.startsWith(shown))).toHaveLength(1);
  });

  test('long names and words wrap, and end after 400 letters', async () => {
    const name = 'Donaudampfschifffahrtsgesellschaft '.repeat(4).trim();
    const description = 'x'.repeat(5000);
    const document = exampleDocument([exampleLine(1n, { description })], {
      buyer: { name, countryCode: '' },
      purchaseOrderNumber: '9'.repeat(500),
    });
    const text = (await rowsOf(document)).join(' ');
    expect(text.match(/Donaudampfschifffahrtsgesellschaft/g)).toHaveLength(4);
    expect(text.match(/x/g)?.length).toBeGreaterThanOrEqual(399);
    expect(text.match(/x/g)?.length).toBeLessThan(410);
    expect(text).toContain('…');
  });

  test('the largest amounts do not run into their neighbors', async () => {
    const rows = await rowsOf(exampleDocument([exampleLine(2n ** 63n - 1n, { quantity: 1_000_000 })]));
    const row = rows.find((text) => text.includes('92,233,720,368,547,758.07'));
    expect(row).toMatch(/^Premium/);
    expect(rows).toContain('Total EUR 111,602,801,645,942,787.26');
  });

  test('no text makes it fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'grapheme' }),
        async (name, description) => {
          const document = exampleDocument([exampleLine(1n, { description })], {
            number: description,
            purchaseOrderNumber: name,
            seller: { name: description, countryCode: name },
            buyer: { name, countryCode: description },
          });
          const bytes = await renderInvoicePdf(document);
          expect(Buffer.from(bytes.subarray(0, 5)).toString()).toBe('%PDF-');
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the file', () => {
  const document = exampleDocument([exampleLine(348_000n), exampleLine(-1n)]);

  test('has the same bytes each time', async () => {
    const [first, other, again] = [
      await renderInvoicePdf(document),
      await renderInvoicePdf(exampleDocument([exampleLine(5n, { description: 'Ωmega' })])),
      await renderInvoicePdf(document),
    ];
    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, other)).not.toBe(0);
  });

  test('says what it is and when it was posted, and is small', async () => {
    const bytes = await renderInvoicePdf({ ...document, issuedOn: localDate('2025-03-06') });
    const { info } = await readPdf(bytes);
    expect(info).toMatchObject({
      Title: 'Invoice EU-00001234',
      Author: 'Fulfillment Example B.V.',
      CreationDate: 'D:20250305100000Z',
      ModDate: 'D:20250305100000Z',
    });
    expect(bytes.length).toBeLessThan(40_000);
  });
});

test('many documents at once leave a turn to others between any two', async () => {
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  const document = exampleDocument([exampleLine(348_000n)]);
  const files = await Promise.all(Array.from({ length: 30 }, () => renderInvoicePdf(document)));
  clearInterval(counting);
  expect(new Set(files.map((file) => file.length)).size).toBe(1);
  expect(turns).toBeGreaterThanOrEqual(25);
});

test('one document that cannot be drawn does not keep the next from being drawn', async () => {
  const document = exampleDocument([exampleLine(1n)]);
  const broken = renderInvoicePdf(exampleDocument([exampleLine(1n, { unitPrice: 'much' })]));
  const next = renderInvoicePdf(document);
  await expect(broken).rejects.toThrow('Not a decimal number');
  expect((await next).length).toBeGreaterThan(0);
});

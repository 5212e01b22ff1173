import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeAll, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { aiAddOn, exampleAccount, exampleOrder, premium } from './example-order.js';
import { readPdf } from './read-pdf.js';

const now = new Date('2025-03-05T12:00:00.000Z');
const service = await startServiceHarness(subscriptionsDefinition, { clock: { now: async () => now } });

const soldTo = exampleAccount('Customer');
const partnerAccount = exampleAccount('North Distribution B.V.', {
  countryCode: 'NL',
  billingTimeZone: 'Europe/Amsterdam',
  legalEntityCode: 'EU',
});
const north = derivedId('test-partner', 'north');
const order = exampleOrder({
  name: 'north',
  soldTo,
  invoiceOwner: partnerAccount,
  partnerId: north,
  effectiveDate: '2025-03-05',
  subscriptions: [[premium, aiAddOn]],
  taxRate: '21',
});

beforeAll(async () => {
  for (const account of [soldTo, partnerAccount]) {
    await service.deliver('orders.account', account, { aggregateId: account.id });
  }
  for (const [topic, subject, object] of [
    ['partners.grant', { kind: 'PARTNER', id: north }, partnerAccount],
    ['orders.grant', { kind: 'ACCOUNT', id: soldTo.id }, soldTo],
  ] as const) {
    await service.deliver(
      topic,
      {
        subject,
        object: { kind: 'ACCOUNT', id: object.id },
        from: '2025-01-01T00:00:00.000Z',
        until: null,
      },
      { aggregateId: derivedId('test-grant', subject.id, object.id) },
    );
  }
  await service.deliver('orders.order', order, { aggregateId: order.id });
});

interface InvoiceFile {
  readonly number: string;
  readonly pdf: { readonly fileName: string; readonly mediaType: string; readonly base64: string } | null;
}

async function invoicesSeen(viewer: Viewer) {
  const answer = await service.query<{ _entities: ({ invoices: InvoiceFile[] } | null)[] }>(
    viewer,
    `query ($of: [_Any!]!) {
       _entities(representations: $of) {
         ... on Order { invoices { number pdf { fileName mediaType base64 } } }
       }
     }`,
    { of: [{ __typename: 'Order', id: order.id }] },
  );
  expect(answer.errors).toEqual([]);
  return {
    invoices: answer.data?._entities[0]?.invoices ?? [],
    statements: service.statements(answer.requestId),
  };
}

test.each([
  ['internal', internalViewer()],
  ['the partner who pays', partnerViewer(north)],
])(
  '%s gets the invoice as a PDF, with seller, buyer, lines and sums, for two statements',
  async (_, viewer) => {
    const { invoices, statements } = await invoicesSeen(viewer);
    expect(invoices).toHaveLength(1);
    const [invoice] = invoices;
    expect(invoice?.pdf).toMatchObject({
      fileName: `invoice-${invoice?.number}.pdf`,
      mediaType: 'application/pdf',
    });
    const { pages } = await readPdf(Buffer.from(invoice?.pdf?.base64 ?? '', 'base64'));
    expect(pages).toHaveLength(1);
    const text = pages.flat().join('\n');
    for (const words of [
      'Fulfillment Example B.V.',
      'North Distribution B.V.',
      `Invoice number ${invoice?.number}`,
      '2025-03-05 – 2026-03-04 10 29.00 / month 3,480.00 21% 730.80',
      '2025-03-05 – 2026-03-04 5 19.00 / month 1,140.00 21% 239.40',
      'Net 4,620.00',
      'Amount due USD 5,590.20',
    ]) {
      expect(text).toContain(words);
    }
    // The invoice with its parts, and the name of who pays.
    expect(statements).toHaveLength(2);
  },
);

test.each([
  ['the sold-to of the partner sale', productViewer(soldTo.id)],
  ['another partner', partnerViewer(derivedId('test-partner', 'other'))],
])('%s gets nothing', async (_, viewer) => {
  expect((await invoicesSeen(viewer)).invoices).toEqual([]);
});

import { derivedId } from '@fulfillment/kernel/domain/ids';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import type { CheckoutPayload } from '@fulfillment/schema/events/orders';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { amountDue, invoiceStatusAt } from '../src/domain/invoice.js';
import { draftDocument } from '../src/domain/receivables/document.js';
import { postDocuments } from '../src/service/post-documents.js';
import { CheckoutPaymentError, receiveCheckout } from '../src/service/receive-checkout.js';
import { addSubscription, line, payer } from './example-bill.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});

beforeAll(() => addSubscription(dataSource));

/** Posts the invoice of an order over 100.00 USD. Gives the ids of both. */
async function invoiced(name: string) {
  const [id, orderId] = [derivedId('test-bill', name), derivedId('test-order', name)];
  const invoiceOwner = payer(name);
  const document = draftDocument({ id, orderId, invoiceOwner, lines: [line(10_000n)], at: now });
  if (document === null) throw new Error('It comes to nothing');
  await transaction((work) => postDocuments(work, [document], now));
  return { invoiceId: id, orderId, accountId: invoiceOwner.id };
}

function checkout(name: string, changes: Partial<CheckoutPayload> = {}): CheckoutPayload {
  return {
    id: derivedId('test-checkout', name),
    status: 'COMPLETED',
    accountId: payer(name).id,
    total: { minor: '10000', currency: 'USD' },
    paymentReference: `charge ${name}`,
    orderId: derivedId('test-order', name),
    ...changes,
  };
}

const receive = (payload: CheckoutPayload) => transaction((work) => receiveCheckout(work, payload));

async function standing(invoiceId: string) {
  const invoice = await transaction((work) => work.documents.findInvoice(invoiceId));
  if (invoice === null) throw new Error(`No invoice ${invoiceId}`);
  return {
    status: invoiceStatusAt(invoice, now),
    due: amountDue(invoice).minor,
    references: invoice.payments.map(({ reference }) => reference),
  };
}

describe('what was paid at checkout', () => {
  test('settles the invoice of its order, however often it is told', async () => {
    const { invoiceId } = await invoiced('paid');
    await receive(checkout('paid'));
    await receive(checkout('paid'));
    expect(await standing(invoiceId)).toEqual({ status: 'PAID', due: 0n, references: ['charge paid'] });
  });

  test.each(['OPEN', 'PAID', 'DECLINED', 'EXPIRED', 'REFUNDING', 'REFUNDED'] as const)(
    'is not written while the checkout is %s',
    async (status) => {
      const { invoiceId } = await invoiced(status);
      await receive(checkout(status, { status }));
      expect(await standing(invoiceId)).toEqual({ status: 'POSTED', due: 10_000n, references: [] });
    },
  );

  test('waits where operations sees it when there is no invoice', async () => {
    await expect(receive(checkout('unheard of'))).rejects.toThrow(CheckoutPaymentError);
  });
});

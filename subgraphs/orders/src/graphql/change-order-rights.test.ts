import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { agreedYear } from '../../fixtures/order-facts.js';
import { orderingOn } from '../../fixtures/ordering.js';
import { addCustomer, openAccount, registerPartner, tellSubscription } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { place, placed, seenBy } = orderingOn(orders);

/** Ten seats of Premium at 20.00 a month. */
const agreement = agreedYear();

async function customer() {
  const accountId = await openAccount(orders, { countryCode: 'DE' });
  return { accountId, subscriptionId: await tellSubscription(orders, accountId, agreement) };
}

const seats = (subscriptionId: string, quantity: number) => ({
  changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity },
});

describe('who may change what', () => {
  test('a customer its own, and not what a partner sold', async () => {
    const { subscriptionId } = await customer();
    const stranger = productViewer(await openAccount(orders));
    const field = ['actions', '0', 'changeQuantity', 'subscriptionId'];
    expect((await place(stranger, { actions: [seats(subscriptionId, 15)] })).userErrors).toMatchObject([
      { code: 'SUBSCRIPTION_NOT_FOUND', field },
    ]);
    const accountId = await openAccount(orders);
    const partner = await registerPartner(orders);
    const sold = await tellSubscription(orders, accountId, agreement, { soldBy: partner });
    expect((await place(productViewer(accountId), { actions: [seats(sold, 15)] })).userErrors).toMatchObject([
      { code: 'SOLD_BY_PARTNER', field },
    ]);
  });

  test('a partner what it sold, which its own account pays', async () => {
    const accountId = await openAccount(orders);
    const [partner, other] = [await registerPartner(orders), await registerPartner(orders)];
    await addCustomer(orders, other, accountId);
    const sold = await tellSubscription(orders, accountId, agreement, { soldBy: partner });
    // Without the account: it is that of the subscription, and need not be one that the partner could sell to anew.
    const ordered = await placed(partnerViewer(partner.id), { actions: [seats(sold, 15)] });
    expect(ordered).toMatchObject({
      account: null,
      invoiceOwner: { id: partner.accountId },
      partner: { id: partner.id },
      net: { amount: '26.67' },
    });
    expect(await seenBy(productViewer(accountId), ordered.id)).toMatchObject({
      lines: [],
      net: null,
      tax: null,
      total: null,
    });
    const asOther = await place(partnerViewer(other.id), { accountId, actions: [seats(sold, 15)] });
    expect(asOther.userErrors).toMatchObject([{ code: 'SUBSCRIPTION_NOT_FOUND' }]);
    const unnamed = await place(partnerViewer(other.id), { actions: [seats(sold, 15)] });
    expect(unnamed.userErrors).toMatchObject([{ code: 'SUBSCRIPTION_NOT_FOUND' }]);
  });

  test('sales what any partner sold, but not together with what the customer pays itself', async () => {
    const { accountId, subscriptionId } = await customer();
    const partner = await registerPartner(orders);
    const sold = await tellSubscription(orders, accountId, agreement, { soldBy: partner });
    const sales = internalViewer();
    const both = await place(sales, { accountId, actions: [seats(subscriptionId, 15), seats(sold, 15)] });
    expect(both.userErrors).toMatchObject([
      { code: 'INVOICE_OWNER_MISMATCH', field: ['actions', '1', 'changeQuantity'] },
    ]);
    expect(await placed(sales, { actions: [seats(sold, 15)] })).toMatchObject({
      account: { id: accountId },
      invoiceOwner: { id: partner.accountId },
      partner: { id: partner.id },
    });
  });

  test.each([
    ['an unknown one', randomUUID()],
    ['what is no id', 'no id'],
  ])('%s is not found', async (_, subscriptionId) => {
    const { userErrors } = await place(internalViewer(), { actions: [seats(subscriptionId, 15)] });
    expect(userErrors).toMatchObject([
      { code: 'SUBSCRIPTION_NOT_FOUND', field: ['actions', '0', 'changeQuantity', 'subscriptionId'] },
    ]);
  });
});

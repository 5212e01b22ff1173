import { beforeAll, describe, expect, it } from 'vitest';
import { openSandbox } from '../kit/sandbox.js';
import { startSystem } from '../kit/system.js';

/*
 * Orders that cannot be taken or carried out, through the graph: what is wrong is said with its code, its field and what to do, and
 * nothing of the order is done.
 */
const system = await startSystem();
const sandbox = await openSandbox(system, '2028-01-15T12:00:00Z');

const ids = { running: '', canceled: '', unpaid: '' };
beforeAll(async () => {
  ids.running = await sandbox.subscribe('running');
  ids.canceled = await sandbox.subscribe('canceled');
  await sandbox.fulfill({ actions: [{ cancel: { subscriptionId: ids.canceled } }] });
  await sandbox.payAll();
}, 120_000);

const more = (subscriptionId: string, quantity = 20) => ({
  changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity },
});

/** What stands in the books of the account, and at which version its subscription is. */
async function standing() {
  const { billingSubscription, account, orders } = await sandbox.ask<{
    billingSubscription: { history: { version: number; items: { quantity: number }[] }[] };
    account: { balance: { amount: string } };
    orders: { totalCount: number };
  }>(
    `query ($id: ID!, $account: ID!) {
       billingSubscription(id: $id) { history { version items { quantity } } }
       account(id: $account) { balance { amount } }
       orders(filter: { accountId: $account }) { totalCount } }`,
    { id: ids.running, account: sandbox.accountId },
  );
  return {
    versions: billingSubscription.history,
    balance: account.balance.amount,
    orders: orders.totalCount,
    documents: (await sandbox.documents()).length,
  };
}

describe('is refused with a code, a field and what to do', () => {
  it.each<[string, () => Record<string, unknown>, string, string[], RegExp]>([
    [
      'a change of a canceled subscription',
      () => ({ actions: [more(ids.canceled)] }),
      'SUBSCRIPTION_ENDED',
      ['actions', '0', 'changeQuantity'],
      /canceled for 2028-01-15; create a new subscription/,
    ],
    [
      'a cancellation of a canceled subscription',
      () => ({ actions: [{ cancel: { subscriptionId: ids.canceled } }] }),
      'SUBSCRIPTION_ENDED',
      ['actions', '0', 'cancel'],
      /create a new subscription/,
    ],
    [
      'the removal of what is not there',
      () => ({ actions: [{ removeProduct: { subscriptionId: ids.running, productCode: 'STORAGE' } }] }),
      'PRODUCT_NOT_INCLUDED',
      ['actions', '0', 'removeProduct', 'productCode'],
      /name a product of the subscription/,
    ],
    [
      'a day after the term',
      () => ({
        effectiveDate: '2029-01-14',
        actions: [{ cancel: { subscriptionId: ids.running, timing: 'ON_DATE', on: '2029-01-16' } }],
      }),
      'DATE_OUTSIDE_TERM',
      ['actions', '0', 'cancel', 'on'],
      /from 2029-01-14 to 2029-01-15/,
    ],
    [
      'a day on which the term is over',
      () => ({ effectiveDate: '2029-01-14', actions: [more(ids.canceled)] }),
      'SUBSCRIPTION_ENDED',
      ['actions', '0', 'changeQuantity'],
      /create a new subscription/,
    ],
    [
      'a day before the term',
      () => ({ effectiveDate: '2028-01-14', actions: [more(ids.running)] }),
      'EFFECTIVE_DATE_INVALID',
      ['effectiveDate'],
      /must be from 2028-01-15 to 2029-01-14/,
    ],
    [
      'a quantity over the limit',
      () => ({ actions: [more(ids.running, 1_000_001)] }),
      'QUANTITY_OUT_OF_RANGE',
      ['actions', '0', 'changeQuantity', 'quantity'],
      /1 to 1,?000,?000/,
    ],
    [
      'a currency that is not the account’s',
      () => ({ currency: 'EUR', actions: [more(ids.running)] }),
      'CURRENCY_MISMATCH',
      ['currency'],
      /USD/,
    ],
    [
      'a good action beside a bad one',
      () => ({
        actions: [
          more(ids.running),
          { removeProduct: { subscriptionId: ids.running, productCode: 'STORAGE' } },
        ],
      }),
      'PRODUCT_NOT_INCLUDED',
      ['actions', '1', 'removeProduct', 'productCode'],
      /name a product/,
    ],
  ])('%s', async (_, order, code, field, message) => {
    const before = await standing();
    const refused = [{ code, field, message: expect.stringMatching(message) }];
    expect(await sandbox.place(order() as never)).toEqual({ id: null, userErrors: refused });
    expect((await sandbox.preview(order() as never)).userErrors).toEqual(refused);
    expect(await standing()).toEqual(before);
  });

  it.each([
    ['percent', '100.01'],
    ['amount', '29.01'],
  ])('a discount above the price, as %s', async (kind, value) => {
    const discount = { [kind]: value };
    const action = {
      createSubscription: {
        deployment: { kind: 'SAAS_NAMESPACE', externalId: 'discounted' },
        planCode: 'PREMIUM',
        quantity: 1,
        discount,
      },
    };
    const quoted = await sandbox.mutate<{ quote: unknown }>(
      'createQuote',
      { accountId: sandbox.accountId, actions: [action] },
      'quote { id }',
    );
    expect(quoted).toEqual({
      quote: null,
      userErrors: [
        {
          code: 'DISCOUNT_INVALID',
          field: expect.arrayContaining(['actions', '0', 'createSubscription', 'discount']),
          message: expect.stringMatching(/\d/),
        },
      ],
    });
  });

  it('one of two orders that race on one subscription', async () => {
    const before = await standing();
    const answers = await Promise.all(
      [11, 12].map((quantity) => sandbox.place({ actions: [more(ids.running, quantity)] })),
    );
    const [taken, refused] = answers.toSorted(
      (left, right) => (left.id === null ? 1 : 0) - (right.id === null ? 1 : 0),
    );
    expect(taken).toMatchObject({ id: expect.any(String), userErrors: [] });
    expect(refused).toEqual({
      id: null,
      userErrors: [
        {
          code: 'SUBSCRIPTION_ORDER_UNDER_WAY',
          field: ['actions', '0', 'changeQuantity', 'subscriptionId'],
          message: expect.stringMatching(/wait until it is fulfilled/),
        },
      ],
    });
    await expect
      .poll(() => sandbox.order(taken?.id ?? ''), { timeout: 20_000 })
      .toEqual({ status: 'FULFILLED', refusalReason: null });
    const after = await standing();
    expect(after.orders).toBe(before.orders + 1);
    expect(after.versions).toHaveLength(before.versions.length + 1);
    expect(after.documents).toBe(before.documents + 1);
  });
});

describe(
  'an order of several actions on several subscriptions, of which one cannot be carried out any more',
  { timeout: 120_000 },
  () => {
    it('leaves nothing half done', async () => {
      await sandbox.payAll();
      ids.unpaid = await sandbox.subscribe('unpaid');
      // Placed now for a later day: by then dunning has suspended one of the two.
      const { id, userErrors } = await sandbox.place({
        effectiveDate: '2028-04-01',
        actions: [more(ids.running), more(ids.unpaid)],
      });
      expect(userErrors).toEqual([]);
      const before = await standing();
      await sandbox.advance('2028-04-02T12:00:00Z');
      const order = await sandbox.order(id ?? '');
      expect(order.status).toBe('REFUSED');
      expect(order.refusalReason).toMatch(/SUBSCRIPTION_CHANGED.*order again/);
      const after = await standing();
      expect(after.versions).toEqual(before.versions);
      const told = (await sandbox.documents()).flatMap((document) => document.told);
      expect(told.filter((line) => line.includes('2028-04-01'))).toEqual([]);
      expect(told.filter((line) => line.startsWith('CHARGE PREMIUM 20'))).toEqual([]);
    });

    it('lets what was not at fault be ordered again', async () => {
      await sandbox.fulfill({ actions: [more(ids.running)] });
      expect((await standing()).versions[0]).toMatchObject({ items: [{ quantity: 20 }] });
    });
  },
);

import { checkoutPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { beforeEach, describe, expect, test } from 'vitest';
import { entitlements, offeringOn } from '../../fixtures/offering.js';
import { agreedYear } from '../../fixtures/order-facts.js';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { newNamespace, openAccount, registerPartner, tellSubscription } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

const start = new Date('2026-11-23T12:00:00.000Z');
let now = start;
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { placed } = orderingOn(orders);
const { offers } = offeringOn(orders);

beforeEach(() => {
  now = start;
});

const fields = `checkout { id status url expiresAt total { amount currency } order { id }
    lines { product { code } amount { amount } } }
  order { id status purchaseOrderNumber total { amount } lines { product { code } amount { amount } } }
  userErrors { code message field }`;

interface Answer {
  readonly checkout: {
    readonly id: string;
    readonly status: string;
    readonly url: string | null;
    readonly [field: string]: unknown;
  } | null;
  readonly order: { readonly id: string } | null;
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

async function call(viewer: Viewer, mutation: string, input: Record<string, unknown>): Promise<Answer> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await orders.query<Record<string, Answer>>(
    viewer,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${fields} } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
  );
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data?.[mutation] as Answer;
}

const returnUrl = 'http://localhost:3000/back?tab=plan';

/** Starts a checkout of Premium for a namespace. */
async function started(viewer: Viewer, input: Record<string, unknown> = {}) {
  const answer = await call(viewer, 'startCheckout', { actions: [create()], returnUrl, ...input });
  if (answer.checkout === null) throw new Error(JSON.stringify(answer.userErrors));
  return answer.checkout;
}

/** The path of the provider's page, on the service of this test. */
function page(url: string | null): string {
  return `${orders.url}${new URL(url ?? '').pathname}`;
}

/** The buyer chooses a payment method on the page. Gives where the page sends the buyer. */
async function pay(url: string | null, method: string): Promise<string | null> {
  const answer = await fetch(`${page(url)}/${method}`, { method: 'POST', redirect: 'manual' });
  return answer.status === 303 ? answer.headers.get('location') : null;
}

const complete = (viewer: Viewer, checkoutId: string, idempotencyKey: string = randomUUID()) =>
  call(viewer, 'completeCheckout', { checkoutId, idempotencyKey });

const codes = ({ userErrors }: Answer) => userErrors.map(({ code }) => code);
const ordersOf = (accountId: string) => orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId]);
const refundOf = async (id: string) => {
  const [row] = await orders.rows<{ refunded_at: Date | null }>(
    'SELECT refunded_at FROM simulated_payment WHERE reference = $1',
    [id],
  );
  return row?.refunded_at ?? null;
};

describe('a checkout', () => {
  test('hands over to a page, comes back, and places what was paid for', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const checkout = await started(buyer, { purchaseOrderNumber: 'PO-9', expectedTotal: '3480.00' });
    expect(checkout).toMatchObject({
      status: 'OPEN',
      total: { amount: '3480.00', currency: 'USD' },
      lines: [{ product: { code: 'PREMIUM' }, amount: { amount: '3480.00' } }],
      expiresAt: '2026-11-23T12:30:00.000Z',
      order: null,
    });
    expect(await ordersOf(accountId)).toEqual([]);
    expect(await complete(buyer, checkout.id)).toMatchObject({ checkout: { status: 'OPEN' }, order: null });

    const shown = await fetch(page(checkout.url));
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await shown.text()).toContain('3480.00 USD');
    expect(await pay(checkout.url, 'SUCCEEDS')).toBe(`${returnUrl}&checkout=${checkout.id}`);

    const paid = await complete(buyer, checkout.id);
    expect(paid).toMatchObject({
      checkout: { status: 'PAID', url: null, order: { id: paid.order?.id } },
      order: { status: 'PLACED', purchaseOrderNumber: 'PO-9', total: { amount: '3480.00' } },
      userErrors: [],
    });
    const [row] = await orders.rows<{ placed_by: string }>('SELECT placed_by FROM orders WHERE id = $1', [
      paid.order?.id,
    ]);
    expect(row?.placed_by).toBe('product:test-product');

    const told = (await orders.promised('orders.checkout')).filter(
      ({ aggregateId }) => aggregateId === checkout.id,
    );
    expect(told.map(({ sequence, payload }) => [sequence, checkoutPayload.parse(payload)])).toMatchObject([
      [1, { status: 'OPEN', orderId: null, paymentReference: null }],
      [
        2,
        {
          status: 'PAID',
          orderId: paid.order?.id,
          total: { minor: '348000', currency: 'USD' },
          paymentReference: `simulated-${checkout.id}`,
        },
      ],
    ]);
  });

  test('that is completed many times at once is one order', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id, url } = await started(buyer);
    await pay(url, 'SUCCEEDS');
    const answers = await Promise.all([1, 2, 3, 4].map(() => complete(buyer, id)));
    expect(new Set(answers.map(({ order }) => order?.id)).size).toBe(1);
    expect(await ordersOf(accountId)).toHaveLength(1);
    expect(await refundOf(id)).toBeNull();
  });

  test('that was declined orders nothing, whatever is chosen afterwards', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id, url } = await started(buyer);
    await pay(url, 'DECLINES');
    await pay(url, 'SUCCEEDS');
    const answer = await complete(buyer, id);
    expect(answer).toMatchObject({ checkout: { status: 'DECLINED', url: null }, order: null });
    expect(answer.userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED', field: ['checkoutId'] }]);
    expect(await ordersOf(accountId)).toEqual([]);
  });

  test('that an offer led to is what became of it, and no other offer is', async () => {
    const accountId = await openAccount(orders);
    const viewer = productViewer(accountId);
    const deployment = newNamespace();
    const { id: deploymentId, kind, externalId } = deployment;
    const payload = { id: deploymentId, kind, externalId, name: 'A deployment', accountId };
    await orders.deliver('licenses.deployment', payload, { aggregateId: deploymentId });
    const free = { planCode: 'FREE', seats: { purchased: 0, used: 2, maximum: 2 } };
    const { lists } = await offers(viewer, [entitlements(deploymentId, free)]);
    const offer = lists[0]?.[0];
    const elsewhere = { actions: [create()], returnUrl, offerId: offer?.id };
    expect(codes(await call(viewer, 'startCheckout', elsewhere))).toEqual(['OFFER_NOT_FOUND']);
    const { accountId: _, ...order } = offer?.order ?? { accountId: '' };
    const { id, url } = await started(viewer, order);
    await pay(url, 'SUCCEEDS');
    const { order: bought } = await complete(viewer, id);
    const rows = await orders.rows('SELECT kind, rule_code FROM offer_event WHERE order_id = $1', [
      bought?.id,
    ]);
    expect(rows).toEqual([{ kind: 'BOUGHT', rule_code: 'NEXT_PLAN' }]);
  });

  test.each(['TIMES_OUT', null])('that nobody decided (%s) stays open, and expires', async (method) => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id, url } = await started(buyer);
    if (method !== null) await pay(url, method);
    const key = randomUUID();
    expect(await complete(buyer, id, key)).toMatchObject({ checkout: { status: 'OPEN' }, userErrors: [] });
    now = new Date('2026-11-23T12:30:00.000Z');
    const over = await complete(buyer, id, key);
    expect(over).toMatchObject({ checkout: { status: 'EXPIRED' }, order: null });
    expect(codes(over)).toEqual(['CHECKOUT_EXPIRED']);
    await pay(url, 'SUCCEEDS');
    expect(await complete(buyer, id, key)).toEqual(over);
    expect(await ordersOf(accountId)).toEqual([]);
  });

  test('whose price has changed is paid back', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id, url } = await started(buyer, { actions: [create({ planCode: 'ULTIMATE' })] });
    await pay(url, 'SUCCEEDS');
    await orders.rows(`UPDATE price SET unit_price = '100.00' WHERE product_code = 'ULTIMATE'`);
    const answer = await complete(buyer, id);
    expect(answer).toMatchObject({ checkout: { status: 'REFUNDED' }, order: null });
    expect(codes(answer)).toEqual(['PRICE_CHANGED']);
    expect(answer.userErrors[0]?.message).toContain(
      'shown as 11880.00 USD with tax and comes to 12000.00 USD',
    );
    expect(await refundOf(id)).toEqual(now);
    expect(await ordersOf(accountId)).toEqual([]);
  });

  test('paid a second time for the same deployment is paid back', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const actions = [create({ externalId: newNamespace().externalId })];
    const [one, two] = [await started(buyer, { actions }), await started(buyer, { actions })];
    for (const { url } of [one, two]) await pay(url, 'SUCCEEDS');
    expect((await complete(buyer, one.id)).checkout).toMatchObject({ status: 'PAID' });
    const second = await complete(buyer, two.id);
    expect(codes(second)).toEqual(['DEPLOYMENT_ALREADY_SUBSCRIBED']);
    expect(second.checkout).toMatchObject({ status: 'REFUNDED' });
    expect([await refundOf(one.id), await refundOf(two.id)]).toEqual([null, now]);
  });

  test('begun again with the same key is the same, on the same page', async () => {
    const buyer = productViewer(await openAccount(orders));
    const input = { idempotencyKey: randomUUID(), actions: [create()], returnUrl };
    const first = await call(buyer, 'startCheckout', input);
    // The page had not been opened when the process died.
    await orders.rows('UPDATE checkout SET url = NULL WHERE id = $1', [first.checkout?.id]);
    expect(await call(buyer, 'startCheckout', input)).toEqual(first);
    const reused = await call(buyer, 'startCheckout', { ...input, purchaseOrderNumber: 'PO-2' });
    expect(codes(reused)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });
});

describe('it is refused', () => {
  test.each([
    'https://evil.example/back',
    'http://localhost:3000@evil.example/',
    'javascript:alert(1)',
    '//localhost:3000/back',
  ])('to return to %s', async (address) => {
    const buyer = productViewer(await openAccount(orders));
    const answer = await call(buyer, 'startCheckout', { actions: [create()], returnUrl: address });
    expect(answer).toMatchObject({
      checkout: null,
      userErrors: [{ code: 'RETURN_URL_NOT_ALLOWED', field: ['returnUrl'] }],
    });
  });

  test('to order what cannot be ordered, what costs nothing, and at another total', async () => {
    const buyer = productViewer(await openAccount(orders));
    const begin = (input: Record<string, unknown>) =>
      call(buyer, 'startCheckout', { actions: [create()], returnUrl, ...input }).then(codes);
    expect(await begin({ actions: [create({ quantity: 0 })] })).toEqual(['QUANTITY_OUT_OF_RANGE']);
    expect(await begin({ expectedTotal: '1.00' })).toEqual(['PRICE_CHANGED']);
    const { createSubscription } = create();
    const trial = { createSubscription: { ...createSubscription, trialDays: 30 } };
    expect(await begin({ actions: [trial] })).toEqual(['NOTHING_TO_PAY']);
    expect(await begin({ idempotencyKey: 'short' })).toEqual(['INVALID_VALUE']);
  });

  test('to change a subscription of another account, and one that a partner sold', async () => {
    const [buyer, other] = [await openAccount(orders), await openAccount(orders)];
    const partner = await registerPartner(orders);
    const theirs = await tellSubscription(orders, other, agreedYear());
    const sold = await tellSubscription(orders, buyer, agreedYear(), { soldBy: partner });
    const more = (subscriptionId: string) => ({
      changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 15 },
    });
    for (const [subscriptionId, code] of [
      [theirs, 'SUBSCRIPTION_NOT_FOUND'],
      [sold, 'SOLD_BY_PARTNER'],
    ] as const) {
      const answer = await call(productViewer(buyer), 'startCheckout', {
        actions: [more(subscriptionId)],
        returnUrl,
      });
      expect(answer).toMatchObject({
        checkout: null,
        userErrors: [{ code, field: ['actions', '0', 'changeQuantity', 'subscriptionId'] }],
      });
    }
    expect(await ordersOf(other)).toEqual([]);
  });

  test('to everybody but buyers with the scope, and another account finds nothing', async () => {
    const accountId = await openAccount(orders);
    const { id, url } = await started(productViewer(accountId));
    await pay(url, 'SUCCEEDS');
    for (const viewer of [
      internalViewer(),
      partnerViewer(randomUUID()),
      productViewer(accountId, { scopes: [] }),
    ]) {
      await expect(started(viewer)).rejects.toThrow('FORBIDDEN');
      await expect(complete(viewer, id)).rejects.toThrow('FORBIDDEN');
    }
    const stranger = productViewer(await openAccount(orders));
    expect(codes(await complete(stranger, id))).toEqual(['CHECKOUT_NOT_FOUND']);
    expect(codes(await complete(stranger, 'no id'))).toEqual(['CHECKOUT_NOT_FOUND']);
    const { data } = await orders.query(stranger, 'query ($id: ID!) { checkout(id: $id) { id } }', { id });
    expect(data).toEqual({ checkout: null });
    expect(await ordersOf(accountId)).toEqual([]);
  });

  test('by the page to pay in a way that does not exist, or what does not', async () => {
    const { url } = await started(productViewer(await openAccount(orders)));
    expect(await pay(url, 'CONSTRUCTOR')).toBeNull();
    expect(await pay(`http://localhost:4001/simulated-payments/${randomUUID()}`, 'SUCCEEDS')).toBeNull();
    expect((await fetch(`${orders.url}/simulated-payments/not-an-id`)).status).toBe(404);
  });
});

test('an order that subscriptions refused after the payment is paid back', async () => {
  const accountId = await openAccount(orders);
  const buyer = productViewer(accountId);
  const { tellStep } = orderingOn(orders);
  const { id, url } = await started(buyer);
  await pay(url, 'SUCCEEDS');
  const { order } = await complete(buyer, id);
  await tellStep(order?.id ?? '', 'SUBSCRIPTION_CREATED', { refusal: 'The base version is not the newest.' });
  const answer = await complete(buyer, id);
  expect(answer.checkout).toMatchObject({ status: 'REFUNDED' });
  expect(codes(answer)).toEqual(['ORDER_REFUSED']);
  expect(answer.userErrors[0]?.message).toContain('The base version is not the newest.');
  expect(await refundOf(id)).toEqual(now);
  await expect(placed(buyer, { actions: [create()] })).resolves.toMatchObject({ status: 'PLACED' });
});

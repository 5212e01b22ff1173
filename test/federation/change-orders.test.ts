import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays } from '@fulfillment/kernel/domain/calendar';
import { expect, test } from 'vitest';
import { seededDay, startSeededSystem } from '../kit/seeded-system.js';

const system = await startSeededSystem(100);
const { accountId } = system.demo.product;
const buyer = { audience: 'product', account: accountId } as const;
const sales = { audience: 'internal' } as const;

interface Previewed {
  readonly total: { readonly amount: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

interface Placed {
  readonly placeOrder: {
    readonly order: { readonly id: string } | null;
    readonly userErrors: readonly unknown[];
  };
}

interface Fulfilled {
  readonly status: string;
  readonly refusalReason: string | null;
  readonly actions: readonly { readonly subscription: { readonly id: string } | null }[];
  readonly invoices: readonly Document[];
  readonly creditMemos: readonly Document[];
}

interface Document {
  readonly total: { readonly amount: string };
}

const cents = (amount: string) => BigInt(amount.replace('.', ''));
const sumOf = (documents: readonly Document[]) =>
  documents.reduce((sum, { total }) => sum + cents(total.amount), 0n);

/** Until the news of the last order has come back, a change finds no subscription, or another order under way. */
const passing = new Set(['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_ORDER_UNDER_WAY']);

async function until<Seen>(look: () => Promise<Seen>, isThere: (seen: Seen) => boolean): Promise<Seen> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const seen = await look();
    if (isThere(seen) || performance.now() > deadline) return seen;
    await sleep(25);
  }
}

/** Previews actions, orders them at that total, and waits for what becomes of it. */
async function order(...actions: object[]) {
  const { total, userErrors } = await until(
    () => preview(actions),
    (seen) => seen.userErrors.every(({ code }) => !passing.has(code)),
  );
  expect(userErrors).toEqual([]);
  const input = { idempotencyKey: randomUUID(), actions, expectedTotal: total?.amount };
  const placed = await system.graphql<Placed>(
    buyer,
    `mutation ($input: PlaceOrderInput!) {
       placeOrder(input: $input) { order { id } userErrors { code message field } }
     }`,
    { input },
  );
  expect(placed.data?.placeOrder.userErrors).toEqual([]);
  const id = placed.data?.placeOrder.order?.id ?? '';
  const done = await until(
    () => read(id),
    ({ status }) => status !== 'PLACED',
  );
  return { expected: cents(total?.amount ?? ''), ...done };
}

async function preview(actions: readonly object[]): Promise<Previewed> {
  const { data, errors } = await system.graphql<{ previewOrder: Previewed }>(
    buyer,
    'query ($input: PreviewOrderInput!) { previewOrder(input: $input) { total { amount } userErrors { code } } }',
    { input: { actions } },
  );
  expect(errors).toEqual([]);
  if (data === null) throw new Error('No preview');
  return data.previewOrder;
}

async function read(id: string): Promise<Fulfilled> {
  const { data, errors } = await system.graphql<{ order: Fulfilled }>(
    sales,
    `query ($id: ID!) { order(id: $id) {
       status refusalReason actions { subscription { id } }
       invoices { total { amount } } creditMemos { total { amount } }
     } }`,
    { id },
  );
  expect(errors).toEqual([]);
  if (data === null) throw new Error('No order');
  return data.order;
}

test('a subscription is bought, changed in every way and canceled, and each order is billed as it was previewed', async () => {
  const created = await order({
    createSubscription: {
      deployment: { kind: 'SAAS_NAMESPACE', externalId: `changing-${randomUUID()}` },
      planCode: 'PREMIUM',
      quantity: 7,
      billingPeriod: 'MONTH',
    },
  });
  expect(created).toMatchObject({ status: 'FULFILLED', refusalReason: null });
  const subscriptionId = created.actions[0]?.subscription?.id ?? '';

  const orders = [
    created,
    await order(
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 10 } },
      { addProduct: { subscriptionId, productCode: 'STORAGE', quantity: 3 } },
    ),
    await order({ changePlan: { subscriptionId, planCode: 'ULTIMATE' } }),
    await order({ changeTerms: { subscriptionId, billingPeriod: 'QUARTER', termMonths: 24 } }),
    await order({ changeQuantity: { subscriptionId, productCode: 'ULTIMATE', quantity: 8 } }),
    await order({ suspend: { subscriptionId } }),
    await order({ resume: { subscriptionId } }),
    await order({ cancel: { subscriptionId } }),
  ];
  for (const { status, refusalReason, expected, invoices, creditMemos } of orders) {
    expect([status, refusalReason]).toEqual(['FULFILLED', null]);
    expect(sumOf(invoices) - sumOf(creditMemos)).toBe(expected);
  }
  // What was paid for days that were not used has come back.
  expect(orders.reduce((sum, { expected }) => sum + expected, 0n)).toBe(0n);
});

test('a trial is started, extended and converted', async () => {
  const started = await order({
    createSubscription: {
      deployment: { kind: 'SELF_MANAGED_INSTANCE', externalId: `trying-${randomUUID()}` },
      planCode: 'ULTIMATE',
      quantity: 5,
      trialDays: 30,
    },
  });
  expect(started).toMatchObject({ status: 'FULFILLED', expected: 0n, invoices: [], creditMemos: [] });
  const subscriptionId = started.actions[0]?.subscription?.id ?? '';
  const endDate = addDays(seededDay, 60);
  expect(await order({ extendTrial: { subscriptionId, endDate } })).toMatchObject({ status: 'FULFILLED' });
  const converted = await order({ convertTrial: { subscriptionId } });
  expect(converted).toMatchObject({ status: 'FULFILLED', refusalReason: null });
  expect(sumOf(converted.invoices)).toBe(converted.expected);
  expect(converted.expected).toBeGreaterThanOrEqual(594_000n);
});

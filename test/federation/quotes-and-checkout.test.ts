import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenRequest } from '@fulfillment/local/identity/token-request';
import { expect, test } from 'vitest';
import { startSeededSystem } from '../kit/seeded-system.js';

const system = await startSeededSystem(100);
const { accountId } = system.demo.product;
const buyer: TokenRequest = { audience: 'product', account: accountId };
const jane: TokenRequest = { audience: 'internal', subject: 'jane' };
const joe: TokenRequest = { audience: 'internal', subject: 'joe' };

interface Answer {
  readonly quote?: { readonly id: string; readonly total: { readonly amount: string } } | null;
  readonly checkout?: { readonly id: string; readonly status: string; readonly url: string | null } | null;
  readonly order?: { readonly id: string } | null;
  readonly userErrors: readonly unknown[];
}

/** Calls a mutation, and expects it to find nothing wrong. */
async function call(
  token: TokenRequest,
  mutation: string,
  selection: string,
  input: Record<string, unknown>,
): Promise<Answer> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await system.graphql<Record<string, Answer>>(
    token,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} userErrors { code message } } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
  );
  const answer = data?.[mutation];
  expect(errors).toEqual([]);
  expect(answer?.userErrors).toEqual([]);
  if (answer === undefined) throw new Error('No answer');
  return answer;
}

async function until<Seen>(look: () => Promise<Seen>, isThere: (seen: Seen) => boolean): Promise<Seen> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const seen = await look();
    if (isThere(seen) || performance.now() > deadline) return seen;
    await sleep(25);
  }
}

interface Billed {
  readonly status: string;
  readonly invoices: readonly { readonly status: string; readonly total: { readonly amount: string } }[];
}

async function billed(id: string): Promise<Billed> {
  const { data, errors } = await system.graphql<{ order: Billed }>(
    jane,
    'query ($id: ID!) { order(id: $id) { status invoices { status total { amount } } } }',
    { id },
  );
  expect(errors).toEqual([]);
  if (data === null) throw new Error('No order');
  return data.order;
}

function premium(discount?: { readonly percent: string }) {
  const deployment = { kind: 'SAAS_NAMESPACE', externalId: `quoted-${randomUUID()}` };
  return { createSubscription: { deployment, planCode: 'PREMIUM', quantity: 10, discount } };
}

const quote = 'quote { id total { amount } }';

test('a quote with a discount is approved by another person, sent, accepted by the buyer, and billed as it was shown', async () => {
  const made = await call(jane, 'createQuote', quote, { accountId, actions: [premium({ percent: '20' })] });
  const quoteId = made.quote?.id;
  await call(joe, 'approveQuote', quote, { quoteId, decision: 'APPROVE', reason: 'A reference customer' });
  await call(jane, 'sendQuote', quote, { quoteId });
  const { order } = await call(buyer, 'acceptQuote', `${quote} order { id }`, { quoteId });
  const done = await until(
    () => billed(order?.id ?? ''),
    ({ status }) => status !== 'PLACED',
  );
  expect(done).toMatchObject({ status: 'FULFILLED', invoices: [{ total: made.quote?.total }] });
});

test('what a buyer pays for at checkout is ordered, and its invoice is paid', async () => {
  const fields = 'checkout { id status url } order { id }';
  const returnUrl = 'http://localhost:3000/back';
  const started = await call(buyer, 'startCheckout', fields, { actions: [premium()], returnUrl });
  const checkoutId = started.checkout?.id;
  const page = `${system.serviceUrl('orders')}${new URL(started.checkout?.url ?? '').pathname}`;
  const paid = await fetch(`${page}/SUCCEEDS`, { method: 'POST', redirect: 'manual' });
  expect(paid.headers.get('location')).toBe(`${returnUrl}?checkout=${checkoutId}`);

  const { order } = await call(buyer, 'completeCheckout', fields, { checkoutId });
  await until(
    () => billed(order?.id ?? ''),
    ({ status }) => status !== 'PLACED',
  );
  expect(await call(buyer, 'completeCheckout', fields, { checkoutId })).toMatchObject({
    checkout: { status: 'COMPLETED' },
    order,
  });
  const done = await until(
    () => billed(order?.id ?? ''),
    ({ invoices }) => invoices[0]?.status === 'PAID',
  );
  expect(done).toMatchObject({ status: 'FULFILLED', invoices: [{ status: 'PAID' }] });
});

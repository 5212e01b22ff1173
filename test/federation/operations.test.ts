import { randomUUID } from 'node:crypto';
import { defaultScopes } from '@fulfillment/local/identity/token-request';
import { readOperations } from '@fulfillment/schema/operations';
import { expect, it } from 'vitest';
import { seededDay, startSeededSystem } from '../kit/seeded-system.js';
import { instanceVariables } from './instance-variables.js';
import { seatAndOfferVariables } from './seat-and-offer-variables.js';

const operations = await readOperations();
const system = await startSeededSystem(100);
const { product, partner } = system.demo;

const tokens = {
  // Besides what the product's page may do, what the machine behind it tells.
  product: {
    audience: 'product',
    account: product.accountId,
    scopes: [...defaultScopes.product, 'seats:write', 'usage:write'],
  },
  internal: { audience: 'internal' },
  partner: { audience: 'partner', partner: partner.partnerId },
} as const;

/** What a new deployment of the demonstration account is ordered with; each call is another deployment. */
const newOrder = () => ({
  actions: [
    {
      createSubscription: {
        deployment: { kind: 'SAAS_NAMESPACE', externalId: `operations-${randomUUID()}` },
        planCode: 'PREMIUM',
        quantity: 3,
      },
    },
  ],
});
const placing = (accountId?: string) => ({
  order: { idempotencyKey: randomUUID(), ...(accountId === undefined ? {} : { accountId }), ...newOrder() },
});

/** An order that the product's own viewer may see. */
async function someOrder(): Promise<string> {
  const { data } = await system.graphql<{ orders: { nodes: { id: string }[] } }>(
    tokens.internal,
    'query ($account: ID!) { orders(first: 1, filter: { accountId: $account }) { nodes { id } } }',
    { account: product.accountId },
  );
  return data?.orders.nodes[0]?.id ?? '';
}

/** One seat more of a subscription that the account bought itself; nobody else orders on it. */
async function oneSeatMore() {
  const placed = await system.graphql<{ placeOrder: { order: { id: string } } }>(
    tokens.product,
    'mutation ($order: PlaceOrderInput!) { placeOrder(input: $order) { order { id } } }',
    placing(),
  );
  const orderId = placed.data?.placeOrder.order.id;
  const bought = () =>
    system
      .graphql<{ order: { actions: { subscription: { id: string; status: string } | null }[] } }>(
        tokens.product,
        'query ($orderId: ID!) { order(id: $orderId) { actions { subscription { id status } } } }',
        { orderId },
      )
      .then(({ data }) => data?.order.actions[0]?.subscription?.id);
  await expect.poll(bought, { timeout: 20_000 }).toBeDefined();
  return { subscriptionId: await bought(), planCode: 'PREMIUM', seats: 4 };
}

/** Who signs, as nobody of the demonstration account did before. */
const someContact = () => ({
  idempotencyKey: randomUUID(),
  role: 'SIGNATORY',
  name: 'Ada Berg',
  email: `${randomUUID()}@example.com`,
  language: 'de',
});

/** A quote of the partner that can be accepted. */
async function sentQuote(): Promise<string> {
  const { data } = await system.graphql<{ createQuote: { quote: { id: string } } }>(
    tokens.partner,
    'mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }',
    { input: placing(product.accountId).order },
  );
  const quoteId = data?.createQuote.quote.id ?? '';
  await system.graphql(
    tokens.partner,
    'mutation ($input: SendQuoteInput!) { sendQuote(input: $input) { quote { id } } }',
    { input: { idempotencyKey: randomUUID(), quoteId } },
  );
  return quoteId;
}

/** Variables as the client would send them, by operation name; a list that needs none pages from its start. */
const variables: Readonly<Record<string, () => Record<string, unknown> | Promise<Record<string, unknown>>>> =
  {
    ProductEntitlements: () => ({
      deploymentKind: product.deployment.kind,
      externalId: product.deployment.externalId,
    }),
    ProductOrder: async () => ({ orderId: await someOrder() }),
    ProductPreviewOrder: () => ({ order: newOrder() }),
    ProductPlaceOrder: () => placing(),
    ProductPreviewSeats: oneSeatMore,
    ProductChangeSeats: async () => ({ idempotencyKey: randomUUID(), ...(await oneSeatMore()) }),
    ...instanceVariables(system, product.accountId),
    ...seatAndOfferVariables(system, product.accountId, seededDay),
    ProductContacts: () => ({}),
    ProductSetContact: () => ({ contact: someContact() }),
    InternalSetContact: () => ({ contact: { ...someContact(), accountId: product.accountId } }),
    InternalAccountOverview: () => ({ accountId: product.accountId }),
    InternalAccounts: () => ({ first: 5 }),
    InternalOpenSandboxAccount: () => ({
      account: {
        idempotencyKey: randomUUID(),
        name: 'Sandbox',
        countryCode: 'DE',
        billingTimeZone: 'Europe/Berlin',
        currency: 'USD',
      },
    }),
    InternalOrders: () => ({ first: 5 }),
    InternalPartners: () => ({ first: 5 }),
    InternalFailedDeliveries: () => ({ first: 5 }),
    InternalSubscriptionHistory: async () => ({
      subscriptionId: (await oneSeatMore()).subscriptionId,
      effectiveOn: seededDay,
    }),
    InternalTrialBalance: () => ({ legalEntity: 'US', currency: 'USD' }),
    InternalPreviewOrder: () => ({ order: { accountId: product.accountId, ...newOrder() } }),
    InternalPlaceOrder: () => placing(product.accountId),
    InternalSubscriptionsDueForRenewal: () => ({ first: 5 }),
    PartnerMyCustomers: () => ({ first: 5 }),
    PartnerMyOrders: () => ({ first: 5 }),
    PartnerPreviewOrder: () => ({ order: { accountId: product.accountId, ...newOrder() } }),
    PartnerPlaceOrder: () => placing(product.accountId),
    PartnerMyQuotes: () => ({ first: 5 }),
    PartnerCreateQuote: () => ({ quote: placing(product.accountId).order }),
    PartnerAcceptQuote: async () => ({ idempotencyKey: randomUUID(), quoteId: await sentQuote() }),
  };

it('every operation of our clients is tried here', () => {
  expect(Object.keys(variables).sort()).toEqual(operations.map(({ operationName }) => operationName).sort());
});

it.each(operations)('$operationName answers without an error', async (operation) => {
  const sent = await variables[operation.operationName]?.();
  const { data, errors } = await system.graphql(tokens[operation.audience], operation.document, sent);
  expect(errors).toEqual([]);
  const answers = Object.values(data ?? {});
  expect(answers.length).toBeGreaterThan(0);
  for (const answer of answers) {
    expect(answer).toEqual(expect.any(Object));
    expect((answer as { userErrors?: unknown[] }).userErrors ?? []).toEqual([]);
  }
});

import { GraphQLError } from 'graphql';
import { accountId, partnerId } from './identity.js';
import type { Resolvers } from './stand-in.js';

export const deploymentId = '33333333-3333-4333-8333-333333333333';
const subscriptionId = '44444444-4444-4444-8444-444444444444';

const plan = { code: 'PREMIUM', name: 'Premium', rank: 2 };
const better = { code: 'ULTIMATE', name: 'Ultimate' };

const account = {
  id: accountId,
  name: 'Acme',
  countryCode: 'DE',
  billingTimeZone: 'Europe/Berlin',
  currency: 'USD',
  segment: 'ENTERPRISE',
  contacts: [{ id: 'c-1', name: 'Ada', email: 'ada@example.com', role: 'BILLING' }],
};

const partner = { id: partnerId, name: 'Reseller', kind: 'RESELLER', contactEmail: 'sales@example.com' };

const subscription = {
  id: subscriptionId,
  number: 'S-00000001',
  status: 'ACTIVE',
  quantity: 10,
  account: { id: accountId },
  plan: { code: 'PREMIUM' },
  currentTerm: { startDate: '2026-01-01', endDate: '2027-01-01', months: 12 },
  renewal: { date: '2027-01-01', automatic: true, quantity: 10 },
  partnerOfRecord: partner,
  history: [{ version: 1, cause: 'ORDER' }],
  invoices: [{ id: 'i-1', number: 'US-1', lines: [] }],
};

const entitlements = {
  deploymentId,
  deployment: { id: deploymentId, kind: 'SAAS_NAMESPACE' },
  planCode: 'PREMIUM',
  plan: { code: 'PREMIUM' },
  validFrom: '2026-01-01',
  validUntil: '2027-01-01',
  trial: false,
  inGracePeriod: false,
  seats: { purchased: 10, used: 9, maximum: 9, overage: 0, reportedAt: null },
  features: [
    { __typename: 'OnOffFeature', key: 'sso', name: 'SSO', source: 'PREMIUM', enabled: true },
    {
      __typename: 'LimitFeature',
      key: 'projects',
      name: 'Projects',
      source: 'PREMIUM',
      limit: null,
      used: 3,
    },
  ],
  addOns: [{ productCode: 'AI', name: 'AI', quantity: 10, product: { code: 'AI' } }],
  account: { id: accountId },
  subscription: { id: subscriptionId },
};

const page = (nodes: readonly object[]) => ({
  nodes,
  edges: nodes.map((node) => ({ cursor: 'c', node })),
  pageInfo: { hasNextPage: false, hasPreviousPage: false },
  totalCount: nodes.length,
});

/** Fixed answers of the four services about one customer; enough for the operations of `schema/operations/product`. */
export const resolversOf = {
  orders: {
    Query: {
      account: () => account,
      accounts: () => page([account, { ...account, id: subscriptionId, name: 'Beta' }]),
      orders: (_: unknown, { filter }: { filter?: { accountId?: string } }) => {
        if (filter?.accountId === 'unknown') {
          throw new GraphQLError('No such account.', {
            extensions: { code: 'NOT_FOUND_HERE', field: ['filter'] },
          });
        }
        if (filter?.accountId === 'fault') throw new Error('secret of the orders service');
        return page([]);
      },
    },
    Mutation: { placeOrder: () => ({ order: null, userErrors: [] }) },
    Account: { __resolveReference: () => account },
    Product: {
      __resolveReference: ({ code }: { code: string }) => ({ ...plan, code, name: `Product ${code}` }),
    },
    Entitlements: {
      __resolveReference: (reference: object) => reference,
      upsells: ({ seats }: { seats: { used: number } }) => [
        {
          id: 'offer',
          action: 'ORDER',
          quantity: 12,
          price: { total: { amount: '12.91', currency: 'USD' }, holdsUntil: '2026-11-23T23:00:00.000Z' },
          reason: seats.used > 8 ? 'SEATS_NEARLY_FULL' : 'NEXT_PLAN',
          product: better,
          listPrice: null,
          unlocks: [],
        },
      ],
    },
  },
  subscriptions: {
    Query: { currentAccount: () => account, billingSubscription: () => subscription },
    BillingSubscription: { __resolveReference: () => subscription },
    Account: {
      __resolveReference: () => account,
      subscriptions: () => page([subscription]),
      balance: () => ({ amount: '12.00', currency: 'USD' }),
    },
  },
  licenses: {
    Query: {
      entitlements: (_: unknown, { externalId }: { externalId: string }) =>
        externalId === 'acme' ? entitlements : null,
    },
    Account: { __resolveReference: ({ id }: { id: string }) => ({ id }), deployments: () => [] },
  },
  partners: {
    Partner: {
      __resolveReference: ({ id }: { id: string }) => ({ ...partner, id }),
    },
  },
} satisfies Record<string, Resolvers>;

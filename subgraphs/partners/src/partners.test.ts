import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { partnersDefinition } from './definition.js';
import { addCustomer } from './service/add-customer.js';
import { registerPartner, type NewPartner } from './service/register-partner.js';

/**
 * Two tiers and a partner of nobody's: North distributes to Alder and Birch; Cedar buys from us.
 * Acme buys from Alder and Cedar, Bolt from Alder, Core from Birch; Dune was Alder's until July.
 */
const id = Object.fromEntries(
  ['north', 'alder', 'birch', 'cedar', 'elder', 'acme', 'bolt', 'core', 'dune', 'order', 'invoice'].map(
    (name) => [name, derivedId('test', name)],
  ),
) as Record<
  'north' | 'alder' | 'birch' | 'cedar' | 'elder' | 'acme' | 'bolt' | 'core' | 'dune' | 'order' | 'invoice',
  string
>;
const nameOf = new Map(Object.entries(id).map(([name, value]) => [value, name]));

const harness = await startServiceHarness(partnersDefinition, {
  clock: { now: async () => new Date('2026-11-23T09:00:00Z') },
});
const { transaction } = await openUnitOfWork(partnersDefinition, harness.databaseUrl);

async function register(
  name: 'north' | 'alder' | 'birch' | 'cedar' | 'elder',
  tier: Pick<NewPartner, 'kind' | 'distributorId'>,
): Promise<void> {
  const partner = {
    id: id[name],
    name: `${name} Ltd`,
    contactEmail: `sales@${name}.example`,
    accountId: derivedId('test', `${name}-account`),
    timeZone: 'UTC',
    registeredAt: new Date('2025-01-01T00:00:00Z'),
    agreements: [
      {
        id: derivedId('test', `${name}-agreement`),
        startDate: localDate('2026-01-01'),
        endDate: localDate('2027-01-01'),
        commissionRatePercent: '8.50',
      },
    ],
    ...tier,
  } as NewPartner;
  const result = await transaction((work) => registerPartner(work, partner));
  if (!result.ok) throw new Error(result.error);
}

async function sell(
  partnerId: string,
  accountId: string,
  since: string,
  until: string | null = null,
): Promise<void> {
  const result = await transaction((work) =>
    addCustomer(
      work,
      { partnerId, accountId, since: localDate(since), until: until === null ? null : localDate(until) },
      new Date('2026-01-01T00:00:00Z'),
    ),
  );
  if (!result.ok) throw new Error(result.error);
}

beforeAll(async () => {
  await register('north', { kind: 'DISTRIBUTOR', distributorId: null });
  await register('alder', { kind: 'RESELLER', distributorId: id.north });
  await register('birch', { kind: 'RESELLER', distributorId: id.north });
  await register('cedar', { kind: 'RESELLER', distributorId: null });
  await sell(id.alder, id.acme, '2026-01-01');
  await sell(id.cedar, id.acme, '2026-02-01');
  await sell(id.alder, id.bolt, '2026-03-01');
  await sell(id.birch, id.core, '2026-04-01');
  await sell(id.alder, id.dune, '2026-01-02', '2026-07-01');
  for (const account of [id.acme, id.bolt, id.core, id.dune]) {
    const grant = { kind: 'ACCOUNT', id: account } as const;
    await harness.deliver(
      'orders.grant',
      { subject: grant, object: grant, from: '2025-01-01T00:00:00Z', until: null },
      { aggregateId: derivedId('grant', 'ACCOUNT', account, 'ACCOUNT', account) },
    );
  }
});

async function ask<Data>(viewer: Viewer, document: string, variables = {}): Promise<Data> {
  const answer = await harness.query<Data>(viewer, document, variables);
  expect(answer.errors).toEqual([]);
  if (answer.data === null) throw new Error('No data');
  return answer.data;
}

/** An answer with the names of this file instead of ids. */
function named(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === 'string' ? (nameOf.get(inner) ?? inner) : inner,
  );
}

const portal = `{
  currentPartner {
    id
    account { id }
    distributor { id account { id } agreement { startDate } customers { totalCount } }
    agreement { startDate endDate commissionRatePercent }
    resellers { id customers { nodes { account { id } } } }
    customers { totalCount nodes { account { id } since until } }
  }
}`;

describe('a partner’s portal', () => {
  test('shows a reseller its own customers, the newest first, and how to reach its distributor', async () => {
    expect(named(await ask(partnerViewer(id.alder), portal))).toEqual({
      currentPartner: {
        id: 'alder',
        account: { id: derivedId('test', 'alder-account') },
        distributor: { id: 'north', account: null, agreement: null, customers: { totalCount: 0 } },
        agreement: { startDate: '2026-01-01', endDate: '2027-01-01', commissionRatePercent: '8.5' },
        resellers: [],
        customers: {
          totalCount: 3,
          nodes: [
            { account: { id: 'bolt' }, since: '2026-03-01', until: null },
            { account: { id: 'dune' }, since: '2026-01-02', until: '2026-07-01' },
            { account: { id: 'acme' }, since: '2026-01-01', until: null },
          ],
        },
      },
    });
  });

  test('shows a distributor its resellers by name, and their customers', async () => {
    expect(named(await ask(partnerViewer(id.north), portal))).toMatchObject({
      currentPartner: {
        id: 'north',
        distributor: null,
        resellers: [
          {
            id: 'alder',
            customers: {
              nodes: [{ account: { id: 'bolt' } }, { account: { id: 'dune' } }, { account: { id: 'acme' } }],
            },
          },
          { id: 'birch', customers: { nodes: [{ account: { id: 'core' } }] } },
        ],
        customers: { totalCount: 0 },
      },
    });
  });

  test('of two partners who sell to one customer, neither sees the other', async () => {
    const document = `query ($other: ID!, $refs: [_Any!]!) {
      partner(id: $other) { id }
      _entities(representations: $refs) { ... on Partner { id } ... on Account { partners { id } } }
    }`;
    const refs = (other: string) => [
      { __typename: 'Partner', id: other },
      { __typename: 'Account', id: id.acme },
    ];
    for (const [self, other] of [
      ['alder', 'cedar'],
      ['cedar', 'alder'],
    ] as const) {
      const answer = await ask(partnerViewer(id[self]), document, {
        other: id[other],
        refs: refs(id[other]),
      });
      expect(named(answer)).toEqual({ partner: null, _entities: [null, { partners: [{ id: self }] }] });
    }
  });

  test('is empty without a partner', async () => {
    expect(await ask(internalViewer(), '{ currentPartner { id } }')).toEqual({ currentPartner: null });
    expect(await ask(partnerViewer(randomUUID()), '{ currentPartner { id } }')).toEqual({
      currentPartner: null,
    });
  });
});

describe('a customer', () => {
  const document = `query ($refs: [_Any!]!) {
    _entities(representations: $refs) { ... on Account { id partners { id contactEmail account { id } agreement { startDate } customers { totalCount } } } }
  }`;
  const sellers = async (viewer: Viewer, ...accounts: string[]) =>
    named(
      await ask(viewer, document, {
        refs: accounts.map((account) => ({ __typename: 'Account', id: account })),
      }),
    );
  const profile = (partner: string) => ({
    id: partner,
    contactEmail: `sales@${partner}.example`,
    account: null,
    agreement: null,
  });

  test('sees the partners that sell to it, by name, and how to reach them', async () => {
    expect(await sellers(productViewer(id.acme), id.acme)).toEqual({
      _entities: [
        {
          id: 'acme',
          partners: [
            { ...profile('alder'), customers: { totalCount: 1 } },
            { ...profile('cedar'), customers: { totalCount: 1 } },
          ],
        },
      ],
    });
  });

  test('sees neither the partners of others nor those of its past', async () => {
    expect(await sellers(productViewer(id.acme), id.bolt, id.core)).toEqual({
      _entities: [
        { id: 'bolt', partners: [] },
        { id: 'core', partners: [] },
      ],
    });
    expect(await sellers(productViewer(id.dune), id.dune)).toEqual({
      _entities: [{ id: 'dune', partners: [] }],
    });
  });

  test('has no partners where no grant says so', async () => {
    const stranger = randomUUID();
    expect(await sellers(productViewer(stranger), stranger, id.acme)).toMatchObject({
      _entities: [{ partners: [] }, { id: 'acme', partners: [] }],
    });
  });
});

describe('internal lists', () => {
  interface Page {
    partners: {
      nodes: { name: string }[];
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  const document = `query ($first: Int, $after: String, $kind: PartnerKind) {
    partners(first: $first, after: $after, kind: $kind) { nodes { name } totalCount pageInfo { hasNextPage endCursor } }
  }`;

  test('are paged by name, and filtered by kind', async () => {
    const first = await ask<Page>(internalViewer(), document, { first: 3 });
    expect(first.partners).toMatchObject({
      nodes: [{ name: 'alder Ltd' }, { name: 'birch Ltd' }, { name: 'cedar Ltd' }],
      totalCount: 4,
      pageInfo: { hasNextPage: true },
    });
    const second = await ask<Page>(internalViewer(), document, {
      first: 3,
      after: first.partners.pageInfo.endCursor,
    });
    expect(second.partners).toMatchObject({
      nodes: [{ name: 'north Ltd' }],
      pageInfo: { hasNextPage: false },
    });
    const distributors = await ask<Page>(internalViewer(), document, { kind: 'DISTRIBUTOR' });
    expect(distributors.partners.nodes).toEqual([{ name: 'north Ltd' }]);
  });

  test.each([
    ['{ partners(first: 0) { totalCount } }', 'PAGE_SIZE_INVALID'],
    ['{ partners(first: 100000) { totalCount } }', 'PAGE_SIZE_INVALID'],
    ['{ partners(after: "nonsense") { totalCount } }', 'CURSOR_INVALID'],
    ['{ partners(first: 1, last: 1) { totalCount } }', 'PAGE_ARGUMENTS_CONFLICT'],
    ['{ partner(id: "nonsense") { id } }', 'ID_INVALID'],
  ])('%s is refused with %s', async (request, code) => {
    const { errors } = await harness.query(internalViewer(), request);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  test('a reference in no known form is nothing', async () => {
    const refs = ['nonsense', id.alder.toUpperCase()].map((ref) => ({ __typename: 'Partner', id: ref }));
    expect(
      await ask(
        internalViewer(),
        'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Partner { name } } }',
        { refs },
      ),
    ).toEqual({ _entities: [null, { name: 'alder Ltd' }] });
  });
});

describe('commissions', () => {
  interface Commissions {
    partner: { commissions: { totalCount: number; nodes: { amount: { amount: string } }[] } } | null;
  }
  const document = `query ($id: ID!) {
    partner(id: $id) {
      commissions {
        totalCount
        nodes { partner { id } order { id } invoice { id } base { amount currency } ratePercent amount { amount currency } earnedAt }
      }
    }
  }`;
  const amounts = async (viewer: Viewer, partnerId: string) => {
    const { partner } = await ask<Commissions>(viewer, document, { id: partnerId });
    return partner && partner.commissions.nodes.map((node) => node.amount.amount);
  };
  const posted = (partnerId: string, minor: string, postedAt: string, more = {}) => ({
    partnerId,
    invoiceId: randomUUID(),
    invoiceNumber: 'US-1',
    orderId: null,
    net: { minor, currency: 'USD' },
    credits: [] as { invoiceId: string; net: { minor: string; currency: string } }[],
    postedAt,
    ...more,
  });
  const topic = 'subscriptions.partner-invoice-posted';

  test('are earned once for each invoice, whatever order the facts come in and however often', async () => {
    const facts = ['10000', '20000', '30001'].map((minor, index) =>
      posted(id.alder, minor, `2026-11-0${index + 1}T12:00:00Z`),
    );
    const place = { aggregateId: id.alder };
    const [first, second, third] = facts as [(typeof facts)[0], (typeof facts)[0], (typeof facts)[0]];
    const one = await harness.deliver(topic, first, { ...place, sequence: 1 });
    await harness.deliver(topic, third, { ...place, sequence: 3 });
    expect(await amounts(internalViewer(), id.alder)).toEqual(['8.50']);
    await harness.deliver(topic, second, { ...place, sequence: 2 });
    await harness.deliver(topic, first, { ...place, sequence: 1, id: one.id });
    await harness.deliver(topic, second, { ...place, sequence: 2 });
    expect(await amounts(internalViewer(), id.alder)).toEqual(['25.50', '17.00', '8.50']);
  });

  test('are taken back with a credit, and each is promised to the books once', async () => {
    await register('elder', { kind: 'RESELLER', distributorId: null });
    const place = { aggregateId: id.elder };
    const sold = posted(id.elder, '10000', '2026-11-01T12:00:00Z');
    const back = posted(id.elder, '-4000', '2027-11-02T12:00:00Z', {
      credits: [{ invoiceId: sold.invoiceId, net: { minor: '-4000', currency: 'USD' } }],
    });
    await harness.deliver(topic, sold, { ...place, sequence: 1 });
    await harness.deliver(topic, back, { ...place, sequence: 2 });
    await harness.deliver(topic, back, { ...place, sequence: 2 });
    expect(await amounts(internalViewer(), id.elder)).toEqual(['-3.40', '8.50']);
    const facts = (await harness.promised('partners.commission-earned')).filter(
      ({ aggregateId }) => aggregateId === id.elder,
    );
    expect(facts.map(({ sequence, payload }) => [sequence, payload])).toMatchObject([
      [1, { invoiceId: sold.invoiceId, amount: { minor: '850', currency: 'USD' } }],
      [2, { invoiceId: back.invoiceId, amount: { minor: '-340', currency: 'USD' } }],
    ]);
  });

  test('need an agreement in force on the posting day', async () => {
    const place = { aggregateId: id.birch };
    await harness.deliver(topic, posted(id.birch, '10000', '2025-12-31T23:59:59Z'), place);
    await harness.deliver(topic, posted(id.birch, '10000', '2027-01-01T00:00:00Z'), place);
    expect(await amounts(internalViewer(), id.birch)).toEqual([]);
    await harness.deliver(topic, posted(id.birch, '10000', '2026-12-31T23:59:59Z'), place);
    expect(await amounts(internalViewer(), id.birch)).toEqual(['8.50']);
  });

  test('show invoice, order and how they were worked out, to their partner, its distributor and us', async () => {
    const fact = posted(id.cedar, '34800', '2026-11-20T10:00:00Z', {
      invoiceId: id.invoice,
      orderId: id.order,
    });
    await harness.deliver(topic, fact, { aggregateId: id.cedar });
    expect(named(await ask(partnerViewer(id.cedar), document, { id: id.cedar }))).toEqual({
      partner: {
        commissions: {
          totalCount: 1,
          nodes: [
            {
              partner: { id: 'cedar' },
              order: { id: 'order' },
              invoice: { id: 'invoice' },
              base: { amount: '348.00', currency: 'USD' },
              ratePercent: '8.5',
              amount: { amount: '29.58', currency: 'USD' },
              earnedAt: '2026-11-20T10:00:00.000Z',
            },
          ],
        },
      },
    });
    expect(await amounts(partnerViewer(id.alder), id.cedar)).toBeNull();
    expect(await amounts(productViewer(id.acme), id.cedar)).toEqual([]);
    expect(await amounts(partnerViewer(id.north), id.alder)).toHaveLength(3);
    expect(await amounts(partnerViewer(id.alder), id.north)).toEqual([]);
  });

  test('are found from their order, of all its documents, and by reference', async () => {
    const more = posted(id.cedar, '20000', '2026-12-20T10:00:00Z', { orderId: id.order });
    await harness.deliver(topic, more, { aggregateId: id.cedar });
    const back = { invoiceId: id.invoice, net: { minor: '-10000', currency: 'USD' } };
    const credited = posted(id.cedar, '-10000', '2026-12-21T10:00:00Z', {
      orderId: id.order,
      credits: [back],
    });
    await harness.deliver(topic, credited, { aggregateId: id.cedar });
    const refs = [
      { __typename: 'Order', id: id.order },
      { __typename: 'Order', id: randomUUID() },
      { __typename: 'Commission', id: derivedId('commission', id.invoice, id.cedar) },
    ];
    const request = `query ($refs: [_Any!]!) {
      _entities(representations: $refs) { ... on Order { commissions(first: 2) { totalCount nodes { amount { amount } reverses { id } } } } ... on Commission { ratePercent } }
    }`;
    const found = {
      commissions: {
        totalCount: 3,
        nodes: [
          { amount: { amount: '-8.50' }, reverses: { id: id.invoice } },
          { amount: { amount: '17.00' }, reverses: null },
        ],
      },
    };
    const none = { commissions: { totalCount: 0, nodes: [] } };
    expect(await ask(partnerViewer(id.cedar), request, { refs })).toEqual({
      _entities: [found, none, { ratePercent: '8.5' }],
    });
    expect(await ask(partnerViewer(id.alder), request, { refs })).toEqual({
      _entities: [none, none, null],
    });
  });

  test('of an unknown partner are not lost: the delivery fails and is tried again', async () => {
    const stranger = randomUUID();
    await expect(
      harness.deliver(topic, posted(stranger, '1', '2026-11-20T10:00:00Z'), { aggregateId: stranger }),
    ).rejects.toThrow(stranger);
  });
});

describe('statements', () => {
  const everything = `query ($first: Int, $refs: [_Any!]!) {
    partners(first: $first) {
      nodes {
        name
        account { id }
        agreement { startDate }
        distributor { name }
        resellers { name agreement { startDate } customers(first: 5) { nodes { since } } }
        customers(first: 2) { totalCount nodes { since account { id partners { name } } } }
        commissions { nodes { amount { amount } partner { name } order { id commissions { nodes { id } } } } }
      }
    }
    _entities(representations: $refs) { ... on Partner { name } ... on Account { partners { name } } }
  }`;
  const statements = async (first: number, partners: string[], accounts: string[]) => {
    const refs = [
      ...partners.map((partner) => ({ __typename: 'Partner', id: partner })),
      ...accounts.map((account) => ({ __typename: 'Account', id: account })),
    ];
    const answer = await harness.query(internalViewer(), everything, { first, refs });
    expect(answer.errors).toEqual([]);
    return harness.statements(answer.requestId);
  };

  test('are one per list and level, however many rows there are', async () => {
    const many = await statements(100, [id.alder, id.birch, id.cedar, id.elder], [id.acme, id.bolt, id.core]);
    // Partners: the list, the references, distributors, resellers. Sellers: of the references, of the customers.
    // Customers: of the list, of resellers. Commissions: of the list, of their orders.
    expect(many).toHaveLength(10);
  });
});

test('without a viewer token nothing is answered', async () => {
  const { status, errors } = await harness.query(null, '{ partners { totalCount } }');
  expect(status).toBe(401);
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

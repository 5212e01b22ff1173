import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { create, orderingOn, type OrderAnswer } from '../../fixtures/ordering.js';
import { addCustomer, openAccount, type PartnerInTest, registerPartner } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

let now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { placed } = orderingOn(orders);

/** One customer that buys from us and from two partners, and another one. */
let customer: string;
let other: string;
let north: PartnerInTest;
let south: PartnerInTest;
let direct: OrderAnswer;
let byNorth: OrderAnswer;
let bySouth: OrderAnswer;
let ofOther: OrderAnswer;

beforeAll(async () => {
  customer = await openAccount(orders, { name: 'Aspen 100% Data_Labs GmbH' });
  other = await openAccount(orders, { name: 'Birch Robotics AG' });
  north = await registerPartner(orders);
  south = await registerPartner(orders);
  await addCustomer(orders, north, customer);
  await addCustomer(orders, south, customer);
  direct = await placed(productViewer(customer), { actions: [create()], purchaseOrderNumber: 'PO-1' });
  now = new Date(now.getTime() + 60_000);
  byNorth = await placed(partnerViewer(north.id), { accountId: customer, actions: [create()] });
  now = new Date(now.getTime() + 60_000);
  bySouth = await placed(partnerViewer(south.id), { accountId: customer, actions: [create()] });
  ofOther = await placed(productViewer(other), { actions: [create()] });
});

interface List {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function ask<Data>(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) {
  const { data, errors, requestId } = await orders.query<Data>(viewer, document, variables);
  expect(errors).toEqual([]);
  if (data === null) throw new Error('No data');
  return { data, statements: orders.statements(requestId) };
}

const page = 'totalCount nodes { id } edges { cursor } pageInfo { hasNextPage endCursor }';
const idsOf = (list: List) => list.nodes.map(({ id }) => id);

describe('who sees which row', () => {
  test('an account: itself whole, its partners its profile, nobody else', async () => {
    const document = `query ($id: ID!) { account(id: $id) { id name legalEntity { code name } contacts { email } } }`;
    const read = async (viewer: Viewer, id: string) =>
      (await ask<{ account: { contacts: unknown[] } | null }>(viewer, document, { id })).data.account;

    expect(await read(internalViewer(), customer)).toEqual({
      id: customer,
      name: 'Aspen 100% Data_Labs GmbH',
      legalEntity: { code: 'EU', name: 'Fulfillment Example B.V.' },
      contacts: [{ email: 'ada@example.example' }],
    });
    expect((await read(productViewer(customer), customer))?.contacts).toHaveLength(1);
    expect((await read(partnerViewer(north.id), customer))?.contacts).toEqual([]);
    expect(await read(partnerViewer(north.id), other)).toBeNull();
    expect(await read(productViewer(other), customer)).toBeNull();
    expect(await read(productViewer(randomUUID()), customer)).toBeNull();
    expect(await read(internalViewer(), randomUUID())).toBeNull();
  });

  test('two partners who sell to one customer each see their own order alone', async () => {
    const document = `query ($filter: OrderFilter) { orders(filter: $filter) { ${page} } }`;
    const read = async (viewer: Viewer, filter: Record<string, unknown> = {}) =>
      idsOf((await ask<{ orders: List }>(viewer, document, { filter })).data.orders);

    expect(await read(partnerViewer(north.id))).toEqual([byNorth.id]);
    expect(await read(partnerViewer(south.id))).toEqual([bySouth.id]);
    expect(await read(partnerViewer(south.id), { partnerId: north.id })).toEqual([]);
    expect(await read(productViewer(other))).toEqual([ofOther.id]);
    expect(await read(productViewer(customer))).toEqual([bySouth.id, byNorth.id, direct.id]);
    expect(await read(partnerViewer(randomUUID()))).toEqual([]);
    expect(await read(internalViewer(), { accountId: customer })).toEqual([
      bySouth.id,
      byNorth.id,
      direct.id,
    ]);
    expect(await read(internalViewer(), { partnerId: north.id.toUpperCase() })).toEqual([byNorth.id]);
    expect(await read(internalViewer(), { purchaseOrderNumber: 'PO-1' })).toEqual([direct.id]);
    const placedBefore = new Date(Date.parse(bySouth['placedAt'] as string)).toISOString();
    expect(await read(internalViewer(), { accountId: customer, placedBefore, status: 'PLACED' })).toEqual([
      byNorth.id,
      direct.id,
    ]);
  });

  test('a reference that may not be seen is null, like one that does not exist', async () => {
    const document = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on Order { id } ... on Account { id } ... on Partner { id orders { totalCount } } ... on Product { name } } }`;
    const refs = [
      { __typename: 'Order', id: byNorth.id },
      { __typename: 'Order', id: bySouth.id },
      { __typename: 'Order', id: 'no uuid' },
      { __typename: 'Account', id: customer },
      { __typename: 'Account', id: other },
      { __typename: 'Partner', id: north.id },
      { __typename: 'Partner', id: south.id },
      { __typename: 'Product', code: 'PREMIUM' },
      { __typename: 'Product', code: 'GOLD' },
    ];
    const { data } = await ask<{ _entities: unknown[] }>(partnerViewer(north.id), document, { refs });
    expect(data._entities).toEqual([
      { id: byNorth.id },
      null,
      null,
      { id: customer },
      null,
      { id: north.id, orders: { totalCount: 1 } },
      null,
      { name: 'Premium' },
      null,
    ]);
  });

  test('without a viewer token nothing is answered', async () => {
    const { status, errors } = await orders.query(null, '{ products { code } }');
    expect(status).toBe(401);
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('what it costs to ask', () => {
  test('one statement for each kind of thing, whatever the number of rows', async () => {
    const document = `query { orders(first: 100) { totalCount nodes {
      id account { id name } invoiceOwner { id } partner { id }
      actions { subscription { id } ... on CreateSubscriptionAction { plan { code features { key } } } }
      lines { product { code } amount { amount } } total { amount } fulfillment { kind } } } }`;
    const { data, statements } = await ask<{ orders: List }>(internalViewer(), document);
    expect(data.orders.nodes.length).toBeGreaterThanOrEqual(4);
    // Orders with all their parts, accounts, products.
    expect(statements).toHaveLength(3);
  });

  test('lists under many parents are one statement a list', async () => {
    const refs = [customer, other].map((id) => ({ __typename: 'Account', id }));
    const document = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Account {
      id contacts { id } newest: orders(first: 1) { ${page} } orders(first: 2) { ${page} } } } }`;
    type Listed = { readonly newest: List; readonly orders: List };
    const { data, statements } = await ask<{ _entities: Listed[] }>(internalViewer(), document, { refs });
    // Accounts, contacts, and a list for each of the two pages that are asked for.
    expect(statements).toHaveLength(4);
    const [first, second] = data._entities;
    expect(first && idsOf(first.newest)).toEqual([bySouth.id]);
    expect(first?.orders).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(second && idsOf(second.orders)).toEqual([ofOther.id]);
  });
});

describe('lists', () => {
  const document = `query ($first: Int, $after: String, $last: Int, $filter: AccountFilter, $sort: AccountSort) {
    accounts(first: $first, after: $after, last: $last, filter: $filter, sort: $sort) { ${page} } }`;
  const read = async (variables: Record<string, unknown>) =>
    (await ask<{ accounts: List }>(internalViewer(), document, variables)).data.accounts;

  test('accounts are found by part of their name, which is read as it is written', async () => {
    expect(idsOf(await read({ filter: { nameContains: '100% data_' } }))).toEqual([customer]);
    expect(idsOf(await read({ filter: { nameContains: 'a%b' } }))).toEqual([]);
    expect(await read({ filter: { countryCode: 'DE', segment: 'MID_MARKET' } })).toMatchObject({
      totalCount: 4,
    });
    expect(await read({ filter: { segment: 'ENTERPRISE' } })).toMatchObject({ totalCount: 0, nodes: [] });
  });

  test('accounts are paged in both directions', async () => {
    const first = await read({ first: 1 });
    expect(idsOf(first)).toEqual([customer]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(idsOf(await read({ first: 1, after: first.pageInfo.endCursor }))).toEqual([other]);
    expect(idsOf(await read({ last: 4 }))).toHaveLength(4);
    const newest = await read({ first: 4, sort: 'CREATED_AT_DESC' });
    expect(newest.totalCount).toBe(4);
  });

  test.each([
    [{ first: 0 }, 'PAGE_SIZE_INVALID'],
    [{ first: 100_000 }, 'PAGE_SIZE_INVALID'],
    [{ after: 'nonsense' }, 'CURSOR_INVALID'],
    [{ filter: { nameContains: 'a\u0000' } }, 'ARGUMENT_INVALID'],
  ])('%j is refused', async (variables, code) => {
    const { data, errors } = await orders.query(internalViewer(), document, variables);
    expect(data).toEqual({ accounts: null });
    expect(errors[0]?.extensions.code).toBe(code);
  });

  test.each([
    ['{ order(id: "1") { id } }', 'ID_INVALID'],
    ['{ account(id: "\\u0000") { id } }', 'ID_INVALID'],
    ['{ orders(filter: { accountId: "1" }) { totalCount } }', 'ID_INVALID'],
  ])('%s is refused', async (query, code) => {
    const { errors } = await orders.query(internalViewer(), query);
    expect(errors[0]?.extensions.code).toBe(code);
  });
});

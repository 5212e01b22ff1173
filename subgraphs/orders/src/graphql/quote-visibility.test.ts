import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { addCustomer, openAccount, registerPartner } from '../../fixtures/parties.js';
import { quotingOn } from '../../fixtures/quoting.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T23:30:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { change, changed, sent, accept, read, list } = quotingOn(orders);
const { seenBy } = orderingOn(orders);

const jane = internalViewer({ subject: 'jane' });

const codes = ({ userErrors }: { readonly userErrors: readonly { readonly code: string }[] }) =>
  userErrors.map(({ code }) => code);

describe('a quote of our own', () => {
  test('is seen by its account once it was sent, and by no other account or partner', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const stranger = productViewer(await openAccount(orders));
    const partner = await registerPartner(orders);
    await addCustomer(orders, partner, accountId);
    const { id } = await changed(jane, 'createQuote', { accountId, actions: [create()] });
    expect(await read(buyer, id)).toBeNull();
    expect(await list(buyer, {})).toEqual([]);
    expect(codes(await accept(buyer, { quoteId: id }))).toEqual(['QUOTE_NOT_FOUND']);

    await changed(jane, 'sendQuote', { quoteId: id });
    expect(await read(buyer, id)).toMatchObject({ id, status: 'SENT', total: { amount: '3480.00' } });
    expect(await list(buyer, {})).toMatchObject([{ id }]);
    for (const other of [stranger, partnerViewer(partner.id)]) {
      expect(await read(other, id)).toBeNull();
      expect(await list(other, {})).toEqual([]);
      expect(codes(await accept(other, { quoteId: id }))).toEqual(['QUOTE_NOT_FOUND']);
      expect(codes(await change(other, 'declineQuote', { quoteId: id }))).toEqual(['QUOTE_NOT_FOUND']);
    }
    expect(await read(jane, id)).toMatchObject({ status: 'SENT' });
  });

  test('that was superseded before it was sent is never seen', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id } = await changed(jane, 'createQuote', { accountId, actions: [create()] });
    const next = await changed(jane, 'reviseQuote', { quoteId: id, actions: [create()] });
    await changed(jane, 'sendQuote', { quoteId: next.id });
    expect(await read(buyer, id)).toBeNull();
    expect(await list(buyer, {})).toMatchObject([{ id: next.id, revisions: [{ id: next.id }] }]);
  });

  test('is listed with its account', async () => {
    const accountId = await openAccount(orders);
    const { id } = await sent(jane, { accountId, actions: [create()] });
    const quotesOf = async (viewer: typeof jane | ReturnType<typeof productViewer>) => {
      const { data } = await orders.query<{ _entities: [{ quotes: { nodes: { id: string }[] } }] }>(
        viewer,
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { quotes(first: 5) { nodes { id } } } } }`,
        { r: [{ __typename: 'Account', id: accountId }] },
      );
      return data?._entities[0].quotes.nodes;
    };
    expect(await quotesOf(jane)).toEqual([{ id }]);
    expect(await quotesOf(productViewer(accountId))).toEqual([{ id }]);
  });
});

describe('a quote of a partner', () => {
  test('is its own and its distributor’s; neither another partner nor the sold-to sees anything of it', async () => {
    const accountId = await openAccount(orders);
    const distributor = await registerPartner(orders);
    const reseller = await registerPartner(orders, distributor);
    const rival = await registerPartner(orders, distributor);
    for (const partner of [reseller, rival]) await addCustomer(orders, partner, accountId);
    const seller = partnerViewer(reseller.id);

    const made = await changed(seller, 'createQuote', { accountId, actions: [create()] });
    expect(made).toMatchObject({ status: 'DRAFT', partner: { id: reseller.id }, invoiceOwner: null });
    expect(await read(partnerViewer(distributor.id), made.id)).toBeNull();
    await changed(seller, 'sendQuote', { quoteId: made.id });
    expect(await read(partnerViewer(distributor.id), made.id)).toMatchObject({
      invoiceOwner: { id: distributor.accountId },
    });
    for (const other of [partnerViewer(rival.id), productViewer(accountId)]) {
      expect(await read(other, made.id)).toBeNull();
      expect(await list(other, {})).toEqual([]);
      expect(codes(await accept(other, { quoteId: made.id }))).toEqual(['QUOTE_NOT_FOUND']);
    }
    expect(
      codes(await change(partnerViewer(rival.id), 'reviseQuote', { quoteId: made.id, actions: [create()] })),
    ).toEqual(['QUOTE_NOT_FOUND']);

    const { order } = await accept(seller, { quoteId: made.id });
    expect(order).toMatchObject({ total: made.total, lines: made.lines });
    // The order it became is the sold-to's to see, without prices.
    expect(await seenBy(productViewer(accountId), order?.id ?? '')).toMatchObject({ lines: [], total: null });
  });

  test('has the discount that we give it, which the partner may not give itself', async () => {
    const accountId = await openAccount(orders);
    const partner = await registerPartner(orders);
    await addCustomer(orders, partner, accountId);
    const seller = partnerViewer(partner.id);
    const { createSubscription } = create();
    const actions = [{ createSubscription: { ...createSubscription, discount: { percent: '10' } } }];
    expect(codes(await change(seller, 'createQuote', { accountId, actions }))).toEqual(['DISCOUNT_INVALID']);

    const asked = await sent(seller, { accountId, actions: [create()] });
    const special = await changed(jane, 'reviseQuote', { quoteId: asked.id, actions });
    expect(special).toMatchObject({ partner: { id: partner.id }, total: { amount: '3132.00' } });
    expect(special['invoiceOwner']).toEqual({ id: partner.accountId });
    // Until we send it, it is not the partner's to see.
    expect(await read(seller, special.id)).toBeNull();
    await changed(jane, 'sendQuote', { quoteId: special.id });
    expect(await read(seller, special.id)).toMatchObject({ total: { amount: '3132.00' } });
    const { order } = await accept(seller, { quoteId: special.id });
    expect(order).toMatchObject({ total: { amount: '3132.00' } });
    const [row] = await orders.rows<{ partner_id: string }>('SELECT partner_id FROM orders WHERE id = $1', [
      order?.id,
    ]);
    expect(row?.partner_id).toBe(partner.id);
  });

  test('is for a customer of its own, and ends with the customer', async () => {
    const customer = await openAccount(orders);
    const stranger = await openAccount(orders);
    const partner = await registerPartner(orders);
    await addCustomer(orders, partner, customer);
    const seller = partnerViewer(partner.id);
    const refused = await change(seller, 'createQuote', { accountId: stranger, actions: [create()] });
    expect(codes(refused)).toEqual(['ACCOUNT_NOT_FOUND']);
    const { id } = await sent(seller, { accountId: customer, actions: [create()] });
    await orders.rows(
      `UPDATE viewer_grant SET valid_until = $2 WHERE object_kind = 'ACCOUNT_PROFILE' AND object_id = $1`,
      [customer, now],
    );
    expect(codes(await accept(seller, { quoteId: id }))).toEqual(['ACCOUNT_NOT_FOUND']);
  });
});

test('buyers make no quotes and see neither their makers nor the decisions', async () => {
  const accountId = await openAccount(orders);
  const buyer = productViewer(accountId, { scopes: ['quotes:write', 'quotes:approve', 'orders:place'] });
  await expect(change(buyer, 'createQuote', { accountId, actions: [create()] })).rejects.toThrow('FORBIDDEN');
  const { id } = await sent(jane, { accountId, actions: [create()] });
  for (const mutation of ['sendQuote', 'reviseQuote'] as const) {
    const input = mutation === 'sendQuote' ? { quoteId: id } : { quoteId: id, actions: [create()] };
    await expect(change(buyer, mutation, input)).rejects.toThrow('FORBIDDEN');
  }
  const decision = { quoteId: id, decision: 'APPROVE', reason: 'Mine' };
  await expect(change(buyer, 'approveQuote', decision)).rejects.toThrow('FORBIDDEN');
  const clerk = internalViewer({ scopes: [] });
  await expect(change(clerk, 'createQuote', { accountId, actions: [create()] })).rejects.toThrow(
    'quotes:write',
  );
  await expect(list(clerk, {})).rejects.toThrow('orders:read');
  expect(await read(jane, randomUUID())).toBeNull();
});

test('a list of quotes is one statement a level', async () => {
  const accountId = await openAccount(orders);
  for (let made = 0; made < 3; made += 1) await sent(jane, { accountId, actions: [create()] });
  const { data, requestId } = await orders.query<{ quotes: { nodes: unknown[] } }>(
    jane,
    `query ($account: ID) { quotes(first: 10, filter: { accountId: $account }) {
       nodes { id status history { by } account { id } revisions { id } lines { product { code } } order { id } } } }`,
    { account: accountId },
  );
  expect(data?.quotes.nodes).toHaveLength(3);
  expect(
    orders.statements(requestId).filter((statement) => /^\s*(WITH|SELECT)/.test(statement)),
  ).toHaveLength(4);
});

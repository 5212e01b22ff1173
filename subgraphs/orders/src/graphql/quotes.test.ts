import { quotePayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { newNamespace, openAccount } from '../../fixtures/parties.js';
import { quotingOn } from '../../fixtures/quoting.js';
import { ordersDefinition } from '../definition.js';

/** It is the next day already in the accounts' billing time zone, Europe/Berlin. */
const start = new Date('2026-11-23T23:30:00.000Z');
let now = start;
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { change, changed, sent, accept, read, list } = quotingOn(orders);
const { placed, seenBy } = orderingOn(orders);

/** Two people of the company: one makes quotes, the other one decides on them. */
const jane = internalViewer({ subject: 'jane' });
const joe = internalViewer({ subject: 'joe' });

beforeEach(() => {
  now = start;
});

/** Premium with something off. */
function discounted(discount: Record<string, unknown>, externalId = newNamespace().externalId) {
  const { createSubscription } = create({ externalId });
  return { createSubscription: { ...createSubscription, discount } };
}

const codes = ({ userErrors }: { readonly userErrors: readonly { readonly code: string }[] }) =>
  userErrors.map(({ code }) => code);

describe('a quote', () => {
  test('shows what the order would, and becomes exactly that order', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const made = await changed(jane, 'createQuote', {
      accountId,
      purchaseOrderNumber: 'PO-1',
      actions: [discounted({ percent: '10', renews: true })],
    });
    expect(made).toMatchObject({
      number: expect.stringMatching(/^Q-\d{8}$/) as string,
      revision: 1,
      status: 'DRAFT',
      validUntil: '2026-12-24',
      effectiveDate: '2026-11-24',
      effectiveDateFixed: false,
      account: { id: accountId },
      invoiceOwner: { id: accountId },
      approval: 'NOT_NEEDED',
      createdBy: 'internal:jane',
      history: [],
      // 10 seats at 29.00 for 12 months, less a tenth.
      net: { amount: '3132.00' },
      total: { amount: '3132.00', currency: 'USD' },
      valueChange: { mrr: { amount: '261.00' }, arr: { amount: '3132.00' } },
    });
    expect(made.lines).toMatchObject([
      { kind: 'CHARGE', unitPrice: { amount: '29.00' }, amount: { amount: '3480.00' } },
      { kind: 'DISCOUNT', unitPrice: { amount: '-2.9' }, amount: { amount: '-348.00' } },
    ]);

    const offered = await changed(jane, 'sendQuote', { quoteId: made.id });
    expect(offered).toMatchObject({ status: 'SENT', history: [{ step: 'SEND', by: 'internal:jane' }] });
    const accepted = await accept(buyer, { quoteId: made.id });
    expect(accepted.userErrors).toEqual([]);
    expect(accepted.quote).toMatchObject({ status: 'ACCEPTED', order: { id: accepted.order?.id } });
    expect(accepted.order).toMatchObject({
      status: 'PLACED',
      purchaseOrderNumber: 'PO-1',
      lines: made.lines,
      net: made['net'],
      tax: made['tax'],
      total: made.total,
    });
    const [row] = await orders.rows<{ placed_by: string }>('SELECT placed_by FROM orders WHERE id = $1', [
      accepted.order?.id,
    ]);
    expect(row?.placed_by).toBe('product:test-product');
  });

  test('tells each transition once, in versions', async () => {
    const accountId = await openAccount(orders);
    const { id } = await sent(jane, { accountId, actions: [create()] });
    const { order } = await accept(productViewer(accountId), { quoteId: id });
    const told = (await orders.promised('orders.quote')).filter(({ aggregateId }) => aggregateId === id);
    expect(
      told.map(({ sequence, payload }) => {
        const { state, step, orderId } = quotePayload.parse(payload);
        return [sequence, state, step?.kind ?? null, orderId];
      }),
    ).toEqual([
      [1, 'DRAFT', null, null],
      [2, 'SENT', 'SEND', null],
      [3, 'ACCEPTED', 'ACCEPT', order?.id],
    ]);
  });

  test('of the day on which it is accepted moves its dates and nothing else', async () => {
    const accountId = await openAccount(orders);
    const { id, total } = await sent(jane, { accountId, actions: [create()] });
    now = new Date('2026-12-05T12:00:00.000Z');
    const { order, userErrors } = await accept(productViewer(accountId), { quoteId: id });
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({
      effectiveDate: '2026-12-05',
      total,
      lines: [{ serviceStart: '2026-12-05', serviceEnd: '2027-12-05' }],
    });
  });

  test('for a day that was asked for keeps it, and cannot be accepted after it', async () => {
    const accountId = await openAccount(orders);
    const quoted = await sent(jane, { accountId, effectiveDate: '2026-12-01', actions: [create()] });
    expect(quoted).toMatchObject({ validUntil: '2026-12-02', effectiveDateFixed: true });
    now = new Date('2026-11-30T12:00:00.000Z');
    const { order } = await accept(productViewer(accountId), { quoteId: quoted.id });
    expect(order).toMatchObject({ effectiveDate: '2026-12-01', lines: quoted.lines });
  });

  test('expires at the midnight of its account', async () => {
    const accountId = await openAccount(orders, { timeZone: 'America/Los_Angeles' });
    const buyer = productViewer(accountId);
    const { id } = await sent(jane, { accountId, validUntil: '2026-12-01', actions: [create()] });
    now = new Date('2026-12-01T07:59:59.999Z');
    expect(await read(buyer, id)).toMatchObject({ status: 'SENT' });
    now = new Date('2026-12-01T08:00:00.000Z');
    expect(await read(buyer, id)).toMatchObject({ status: 'EXPIRED' });
    expect(codes(await accept(buyer, { quoteId: id }))).toEqual(['QUOTE_EXPIRED']);
    expect(await list(jane, { filter: { accountId, status: 'EXPIRED' } })).toMatchObject([{ id }]);
    expect(await list(jane, { filter: { accountId, status: 'SENT' } })).toEqual([]);
  });

  test('expires by the test clock of a sandbox account', async () => {
    const accountId = await openAccount(orders);
    const { id } = await sent(jane, { accountId, validUntil: '2026-12-01', actions: [create()] });
    await orders.deliver(
      'subscriptions.test-clock',
      { accountId, now: '2026-11-30T23:00:00.000Z' },
      { aggregateId: accountId },
    );
    expect(await read(jane, id)).toMatchObject({ status: 'EXPIRED' });
    expect(await list(jane, { filter: { accountId, status: 'EXPIRED' } })).toMatchObject([{ id }]);
  });

  test('whose prices have changed since is refused with both totals, and ordered after a revision', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id } = await sent(jane, { accountId, actions: [create({ planCode: 'ULTIMATE' })] });
    await orders.rows(`UPDATE price SET unit_price = '100.00' WHERE product_code = 'ULTIMATE'`);
    const { order, userErrors } = await accept(buyer, { quoteId: id });
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'PRICE_CHANGED', field: ['quoteId'] }]);
    expect(userErrors[0]?.message).toBe(
      'It was shown as 11880.00 USD with tax and comes to 12000.00 USD by now: ask for a revision of the quote (`reviseQuote`).',
    );
    expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toEqual([]);

    const revised = await changed(jane, 'reviseQuote', {
      quoteId: id,
      actions: [create({ planCode: 'ULTIMATE' })],
    });
    await changed(jane, 'sendQuote', { quoteId: revised.id });
    expect((await accept(buyer, { quoteId: revised.id })).order).toMatchObject({
      total: { amount: '12000.00' },
    });
  });

  test('whose order cannot be placed any more says why', async () => {
    const accountId = await openAccount(orders);
    const { externalId } = newNamespace();
    const { id } = await sent(jane, { accountId, actions: [create({ externalId })] });
    await placed(productViewer(accountId), { actions: [create({ externalId })] });
    const { userErrors } = await accept(productViewer(accountId), { quoteId: id });
    expect(userErrors).toMatchObject([{ code: 'DEPLOYMENT_ALREADY_SUBSCRIBED', field: ['quoteId'] }]);
    expect(await read(jane, id)).toMatchObject({ status: 'SENT' });
  });
});

describe('accepting', () => {
  test('twice at the same moment makes one order', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id } = await sent(jane, { accountId, actions: [create()] });
    const answers = await Promise.all([1, 2, 3].map(() => accept(buyer, { quoteId: id })));
    expect(answers.filter(({ order }) => order !== null)).toHaveLength(1);
    expect(answers.flatMap(codes)).toEqual(['QUOTE_ALREADY_ACCEPTED', 'QUOTE_ALREADY_ACCEPTED']);
    expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toHaveLength(1);
  });

  test('again with the same key gives the same order; with another quote it is refused', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const [one, two] = [
      await sent(jane, { accountId, actions: [create()] }),
      await sent(jane, { accountId, actions: [create()] }),
    ];
    const idempotencyKey = randomUUID();
    const first = await accept(buyer, { idempotencyKey, quoteId: one.id });
    const again = await accept(buyer, { idempotencyKey, quoteId: one.id });
    expect(first.order).not.toBeNull();
    expect(again).toEqual(first);
    expect(codes(await accept(buyer, { idempotencyKey, quoteId: two.id }))).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
    ]);
  });

  test('may bring the purchase order number, by which both are found', async () => {
    const accountId = await openAccount(orders);
    const { id } = await sent(jane, { accountId, actions: [create()] });
    const number = `PO-${randomUUID()}`;
    const { order } = await accept(productViewer(accountId), { quoteId: id, purchaseOrderNumber: number });
    expect(order?.purchaseOrderNumber).toBe(number);
    expect(await list(jane, { filter: { purchaseOrderNumber: number } })).toMatchObject([{ id }]);
    const { data } = await orders.query<{ orders: { nodes: { id: string }[] } }>(
      jane,
      'query ($n: String) { orders(filter: { purchaseOrderNumber: $n }) { nodes { id } } }',
      { n: number },
    );
    expect(data?.orders.nodes).toEqual([{ id: order?.id }]);
  });

  test('takes a quote that was sent, and the scope to place orders', async () => {
    const accountId = await openAccount(orders);
    const draft = await changed(jane, 'createQuote', { accountId, actions: [create()] });
    expect(codes(await accept(joe, { quoteId: draft.id }))).toEqual(['QUOTE_NOT_SENT']);
    await changed(jane, 'sendQuote', { quoteId: draft.id });
    const without = productViewer(accountId, { scopes: [] });
    await expect(accept(without, { quoteId: draft.id })).rejects.toThrow('orders:place');
    expect((await accept(joe, { quoteId: draft.id })).order).not.toBeNull();
  });

  test('is not possible after declining, but a revision is', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id } = await sent(jane, { accountId, actions: [create()] });
    expect(await changed(buyer, 'declineQuote', { quoteId: id, reason: 'Too dear' })).toMatchObject({
      status: 'DECLINED',
    });
    expect(codes(await accept(buyer, { quoteId: id }))).toEqual(['QUOTE_DECLINED']);
    expect(await read(jane, id)).toMatchObject({
      history: [{ step: 'SEND' }, { step: 'DECLINE', by: 'product:test-product', reason: 'Too dear' }],
    });
    const next = await changed(jane, 'reviseQuote', { quoteId: id, actions: [create({ quantity: 5 })] });
    expect(next).toMatchObject({ revision: 2, status: 'DRAFT' });
  });
});

describe('revising', () => {
  test('adds a row and takes nothing away from the one before, which cannot be accepted any more', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const first = await sent(jane, { accountId, actions: [create()] });
    const second = await changed(joe, 'reviseQuote', {
      quoteId: first.id,
      reason: 'More seats',
      actions: [create({ quantity: 20 })],
    });
    expect(second).toMatchObject({ number: first.number, revision: 2, createdBy: 'internal:joe' });
    const kept = await read(jane, first.id);
    expect(kept).toMatchObject({ lines: first.lines, total: first.total, status: 'SUPERSEDED' });
    expect(kept?.['history']).toMatchObject([
      { step: 'SEND' },
      { step: 'SUPERSEDE', by: 'internal:joe', reason: 'More seats' },
    ]);
    expect(codes(await accept(buyer, { quoteId: first.id }))).toEqual(['QUOTE_SUPERSEDED']);
    expect(codes(await change(jane, 'reviseQuote', { quoteId: first.id, actions: [create()] }))).toEqual([
      'QUOTE_SUPERSEDED',
    ]);
    const revisions = [
      { id: first.id, revision: 1, status: 'SUPERSEDED' },
      { id: second.id, revision: 2, status: 'DRAFT' },
    ];
    expect((await read(jane, first.id))?.['revisions']).toEqual(revisions);
    // The buyer sees the draft when it is sent.
    expect((await read(buyer, first.id))?.['revisions']).toEqual(revisions.slice(0, 1));
    expect((await list(jane, { filter: { number: first.number }, sort: 'CREATED_AT' })).length).toBe(2);
  });

  test('at the same moment makes one revision', async () => {
    const accountId = await openAccount(orders);
    const { id, number } = await sent(jane, { accountId, actions: [create()] });
    const revise = () => change(jane, 'reviseQuote', { quoteId: id, actions: [create()] });
    const answers = await Promise.all([revise(), revise()]);
    expect(answers.flatMap(codes)).toEqual(['QUOTE_SUPERSEDED']);
    expect(await list(jane, { filter: { number } })).toHaveLength(2);
  });

  test('of what was accepted is refused, and a wrong revision leaves the one before as it was', async () => {
    const accountId = await openAccount(orders);
    const { id } = await sent(jane, { accountId, actions: [create()] });
    const wrong = await change(jane, 'reviseQuote', { quoteId: id, actions: [create({ quantity: 0 })] });
    expect(codes(wrong)).toEqual(['QUANTITY_OUT_OF_RANGE']);
    expect(await read(jane, id)).toMatchObject({ status: 'SENT' });
    await accept(productViewer(accountId), { quoteId: id });
    expect(codes(await change(jane, 'reviseQuote', { quoteId: id, actions: [create()] }))).toEqual([
      'QUOTE_ALREADY_ACCEPTED',
    ]);
  });
});

test('every mutation gives the first answer again for the same key', async () => {
  const accountId = await openAccount(orders);
  const twice = async (mutation: Parameters<typeof change>[1], input: Record<string, unknown>) => {
    const keyedInput = { idempotencyKey: randomUUID(), ...input };
    const first = await changed(mutation === 'approveQuote' ? joe : jane, mutation, keyedInput);
    const again = await changed(mutation === 'approveQuote' ? joe : jane, mutation, keyedInput);
    expect(again).toEqual(first);
    return first;
  };
  const made = await twice('createQuote', { accountId, actions: [discounted({ percent: '50' })] });
  await twice('approveQuote', { quoteId: made.id, decision: 'APPROVE', reason: 'As agreed' });
  await twice('sendQuote', { quoteId: made.id });
  const revised = await twice('reviseQuote', { quoteId: made.id, actions: [create()] });
  await twice('sendQuote', { quoteId: revised.id });
  await twice('declineQuote', { quoteId: revised.id });
  expect(await list(jane, { filter: { number: made.number } })).toHaveLength(2);
});

test('what is wrong with a quote is said with its field', async () => {
  const accountId = await openAccount(orders);
  const actions = [create()];
  const wrong = async (input: Record<string, unknown>) =>
    (await change(jane, 'createQuote', { accountId, actions, ...input })).userErrors;
  expect(await wrong({ accountId: randomUUID() })).toMatchObject([{ code: 'ACCOUNT_NOT_FOUND' }]);
  expect(await wrong({ validUntil: '2026-11-24' })).toMatchObject([
    { code: 'INVALID_VALUE', field: ['validUntil'] },
  ]);
  expect(await wrong({ idempotencyKey: 'short' })).toMatchObject([
    { code: 'INVALID_VALUE', field: ['idempotencyKey'] },
  ]);
  expect(await wrong({ actions: [] })).toMatchObject([{ code: 'ACTION_INVALID', field: ['actions'] }]);
  for (const quoteId of [randomUUID(), 'no id']) {
    expect(codes(await change(jane, 'sendQuote', { quoteId }))).toEqual(['QUOTE_NOT_FOUND']);
  }
  const { id } = await sent(jane, { accountId, actions });
  expect(
    (await change(jane, 'declineQuote', { quoteId: id, reason: 'x'.repeat(501) })).userErrors,
  ).toMatchObject([{ code: 'INVALID_VALUE', field: ['reason'] }]);
  expect(codes(await change(jane, 'sendQuote', { quoteId: id }))).toEqual(['QUOTE_ALREADY_SENT']);
  expect(await seenBy(productViewer(accountId), randomUUID())).toBeNull();
});

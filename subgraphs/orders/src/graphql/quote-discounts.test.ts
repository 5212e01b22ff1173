import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { describe, expect, test } from 'vitest';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { openAccount } from '../../fixtures/parties.js';
import { quotingOn } from '../../fixtures/quoting.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T23:30:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { change, changed, accept, read, list } = quotingOn(orders);

/** Two people of the company: one makes quotes, the other one decides on them. */
const jane = internalViewer({ subject: 'jane' });
const joe = internalViewer({ subject: 'joe' });

/** Premium with something off. */
function discounted(discount: Record<string, unknown>) {
  const { createSubscription } = create();
  return { createSubscription: { ...createSubscription, discount } };
}

const codes = ({ userErrors }: { readonly userErrors: readonly { readonly code: string }[] }) =>
  userErrors.map(({ code }) => code);

describe('discounts', () => {
  test('above the limit need another person, whose decision is kept', async () => {
    const accountId = await openAccount(orders);
    const { id } = await changed(jane, 'createQuote', {
      accountId,
      actions: [discounted({ percent: '15.01' })],
    });
    expect(await read(jane, id)).toMatchObject({ approval: 'NEEDED' });
    expect(await list(jane, { filter: { accountId, awaitsApproval: true } })).toMatchObject([{ id }]);
    expect(codes(await change(jane, 'sendQuote', { quoteId: id }))).toEqual(['APPROVAL_NEEDED']);

    const decision = { quoteId: id, decision: 'APPROVE', reason: 'A reference customer' };
    expect(codes(await change(jane, 'approveQuote', decision))).toEqual(['APPROVAL_BY_SAME_PERSON']);
    const clerk = internalViewer({ subject: 'joe', scopes: ['quotes:write'] });
    await expect(change(clerk, 'approveQuote', decision)).rejects.toThrow('quotes:approve');
    expect(await changed(joe, 'approveQuote', decision)).toMatchObject({
      approval: 'APPROVED',
      history: [
        { step: 'APPROVE', by: 'internal:joe', at: now.toISOString(), reason: 'A reference customer' },
      ],
    });
    expect(codes(await change(joe, 'approveQuote', decision))).toEqual(['APPROVAL_NOT_NEEDED']);
    expect(await list(jane, { filter: { accountId, awaitsApproval: true } })).toEqual([]);

    await changed(jane, 'sendQuote', { quoteId: id });
    const { order } = await accept(productViewer(accountId), { quoteId: id });
    const [row] = await orders.rows<{ discount: unknown }>(
      `SELECT details->'change'->'agreement'->'items'->0->'discount' AS discount
       FROM order_action WHERE order_id = $1`,
      [order?.id],
    );
    expect(row?.discount).toEqual({ kind: 'PERCENT', value: '15.01', renews: false });
  });

  test('that were refused have to be revised', async () => {
    const accountId = await openAccount(orders);
    const { id } = await changed(jane, 'createQuote', {
      accountId,
      actions: [discounted({ amount: '20' })],
    });
    await changed(joe, 'approveQuote', { quoteId: id, decision: 'REJECT', reason: 'Too much' });
    expect(codes(await change(jane, 'sendQuote', { quoteId: id }))).toEqual(['APPROVAL_REFUSED']);
    const revised = await changed(jane, 'reviseQuote', {
      quoteId: id,
      actions: [discounted({ amount: '4.35' })],
    });
    expect(revised).toMatchObject({ approval: 'NOT_NEEDED' });
    expect(await changed(jane, 'sendQuote', { quoteId: revised.id })).toMatchObject({ status: 'SENT' });
  });

  test('within the limit need nobody', async () => {
    const accountId = await openAccount(orders);
    const { id } = await changed(jane, 'createQuote', {
      accountId,
      actions: [discounted({ percent: '15' })],
    });
    const decision = { quoteId: id, decision: 'APPROVE', reason: 'Why not' };
    expect(codes(await change(joe, 'approveQuote', decision))).toEqual(['APPROVAL_NOT_NEEDED']);
  });

  test.each([
    ['over 100 per cent', { percent: '100.5' }],
    ['below zero', { percent: '-1' }],
    ['more than the price', { amount: '29.01' }],
    ['both', { percent: '1', amount: '1' }],
    ['neither', {}],
  ])('are refused: %s', async (_, discount) => {
    const accountId = await openAccount(orders);
    const answer = await change(jane, 'createQuote', { accountId, actions: [discounted(discount)] });
    expect(answer.userErrors).toMatchObject([
      { code: 'DISCOUNT_INVALID', field: ['actions', '0', 'createSubscription', 'discount'] },
    ]);
  });

  test('are not given in an order: it takes a quote', async () => {
    const accountId = await openAccount(orders);
    const { place } = orderingOn(orders);
    const { order, userErrors } = await place(jane, { accountId, actions: [discounted({ percent: '5' })] });
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'DISCOUNT_INVALID', field: ['actions'] }]);
  });
});

import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import {
  aiAddOn,
  exampleAccount,
  exampleAgreement,
  exampleChangeOrder,
  exampleOrder,
  freePlan,
  premium,
} from './example-order.js';

/** Half past eleven at night in Los Angeles, and the next evening in Auckland. */
const now = new Date('2026-11-24T07:30:00.000Z');
const service = await startServiceHarness(subscriptionsDefinition, { clock: { now: async () => now } });

const customer = exampleAccount('Customer');
const partner = exampleAccount('Partner', { billingTimeZone: 'Pacific/Auckland', paymentTermsDays: 45 });
const reseller = derivedId('test-partner', 'reseller');
const distributor = derivedId('test-partner', 'distributor');

const deliverAccount = (account: AccountPayload) =>
  service.deliver('orders.account', account, { aggregateId: account.id });
const deliverOrder = (order: OrderPayload, place: { id?: string; sequence?: number } = {}) =>
  service.deliver('orders.order', order, { aggregateId: order.id, ...place });

/** What was promised about an order, by topic. */
async function promisedOf(order: OrderPayload) {
  const ids = [order.id, ...order.actions.map((action) => action.subscriptionId)];
  const events = (await service.promised()).filter(({ payload }) =>
    ids.some((id) => JSON.stringify(payload).includes(id)),
  );
  return events.map(({ topic, sequence, payload }) => ({
    topic,
    sequence,
    payload: payload as Record<string, unknown>,
  }));
}

const subscriptionRows = (order: OrderPayload) =>
  service.rows<{ number: string; version: number; cause: string; plan_code: string; quantity: number }>(
    `SELECT number, version, cause, plan_code, quantity FROM billing_subscription AS s
     JOIN billing_subscription_head AS h ON h.subscription_id = s.id WHERE h.order_id = $1 ORDER BY number`,
    [order.id],
  );

const invoiceRows = (order: OrderPayload) =>
  service.rows<{ number: string; issued_on: string; due_on: string; total_minor: string }>(
    'SELECT number, issued_on::text, due_on::text, total_minor FROM invoice WHERE order_id = $1',
    [order.id],
  );

beforeAll(async () => {
  await deliverAccount(customer);
  await deliverAccount(partner);
});

describe('an order that a customer placed', () => {
  const order = exampleOrder({
    name: 'direct',
    soldTo: customer,
    subscriptions: [[premium, aiAddOn], [premium]],
  });

  test('becomes subscriptions, an invoice and the events that tell of them', async () => {
    const delivered = await deliverOrder(order);
    const subscriptions = await subscriptionRows(order);
    expect(subscriptions).toEqual([
      {
        number: expect.stringMatching(/^S-\d{8}$/),
        version: 1,
        cause: 'ORDER',
        plan_code: 'PREMIUM',
        quantity: 10,
      },
      {
        number: expect.stringMatching(/^S-\d{8}$/),
        version: 1,
        cause: 'ORDER',
        plan_code: 'PREMIUM',
        quantity: 10,
      },
    ]);
    expect(await invoiceRows(order)).toEqual([
      {
        number: 'US-00000001',
        issued_on: '2026-11-23',
        due_on: '2026-12-23',
        total_minor: order.total.minor,
      },
    ]);
    const events = await promisedOf(order);
    expect(events.map(({ topic, sequence }) => [topic, sequence])).toEqual([
      ['subscriptions.billing-subscription', 1],
      ['subscriptions.billing-subscription', 1],
      ['subscriptions.fulfillment-step', 1],
      ['subscriptions.fulfillment-step', 1],
      ['subscriptions.invoice', 1],
    ]);
    expect(events[0]?.payload).toMatchObject({
      id: order.actions[0]?.subscriptionId,
      accountId: customer.id,
      invoiceOwnerAccountId: customer.id,
      partnerOfRecordId: null,
      billingTimeZone: 'America/Los_Angeles',
      effectiveOn: '2026-11-23',
      recentOrders: [{ orderId: order.id, version: 1 }],
      agreement: {
        term: { startDate: '2026-11-23', endDate: '2027-11-23', months: 12 },
        canceledOn: null,
        items: [
          { productCode: 'PREMIUM', quantity: 10, unitPrice: '29.00', pricePeriod: 'MONTH' },
          { productCode: 'AI_ADD_ON', quantity: 5, unitPrice: '19.00', pricePeriod: 'MONTH' },
        ],
      },
    });
    expect(events.slice(2, 4).map(({ payload }) => payload)).toEqual([
      {
        orderId: order.id,
        subscriptionId: null,
        kind: 'SUBSCRIPTION_CREATED',
        status: 'DONE',
        at: now.toISOString(),
        reason: null,
      },
      {
        orderId: order.id,
        subscriptionId: null,
        kind: 'INVOICE_POSTED',
        status: 'DONE',
        at: now.toISOString(),
        reason: null,
      },
    ]);
    await deliverOrder(order, { id: delivered.id, sequence: delivered.sequence });
  });

  test('has its effect once, however it comes again', async () => {
    const before = await service.promised();
    await deliverOrder(order, { sequence: 1 });
    await deliverOrder(order, { sequence: 2 });
    await deliverOrder({ ...order, status: 'FULFILLED' }, { sequence: 3 });
    expect(await service.promised()).toEqual(before);
    expect(await subscriptionRows(order)).toHaveLength(2);
    expect(await invoiceRows(order)).toHaveLength(1);
  });
});

describe('an order that a partner sold', () => {
  const order = exampleOrder({
    name: 'sold',
    soldTo: customer,
    invoiceOwner: partner,
    partnerId: reseller,
    distributorId: distributor,
  });

  test('is billed to the partner, and counts for it', async () => {
    await deliverOrder(order);
    const [invoice] = await invoiceRows(order);
    expect(invoice).toMatchObject({ issued_on: '2026-11-24', due_on: '2027-01-08' });
    const events = await promisedOf(order);
    expect(events.map(({ topic, sequence }) => [topic, sequence])).toEqual([
      ['subscriptions.grant', 1],
      ['subscriptions.grant', 1],
      ['subscriptions.billing-subscription', 1],
      ['subscriptions.fulfillment-step', 1],
      ['subscriptions.fulfillment-step', 1],
      ['subscriptions.invoice', 1],
      ['subscriptions.partner-invoice-posted', 1],
    ]);
    expect(events[0]?.payload).toEqual({
      subject: { kind: 'PARTNER', id: reseller },
      object: { kind: 'SUBSCRIPTION', id: order.actions[0]?.subscriptionId },
      from: now.toISOString(),
      until: null,
    });
    expect(events[1]?.payload).toMatchObject({ subject: { kind: 'PARTNER', id: distributor } });
    expect(events[6]?.payload).toMatchObject({
      partnerId: reseller,
      invoiceNumber: invoice?.number,
      orderId: order.id,
      net: order.total,
    });
  });

  test('is numbered within the partner', async () => {
    const second = exampleOrder({
      name: 'sold again',
      soldTo: customer,
      invoiceOwner: partner,
      partnerId: reseller,
    });
    await deliverOrder(second);
    const facts = (await service.promised('subscriptions.partner-invoice-posted')).map((event) => [
      event.aggregateId,
      event.sequence,
    ]);
    expect(facts).toEqual([
      [reseller, 1],
      [reseller, 2],
    ]);
  });
});

test('an order that costs nothing has no invoice, and both its steps are done', async () => {
  const order = exampleOrder({ name: 'free', soldTo: customer, subscriptions: [[freePlan]] });
  await deliverOrder(order);
  expect(await subscriptionRows(order)).toHaveLength(1);
  expect(await invoiceRows(order)).toEqual([]);
  const steps = (await promisedOf(order)).filter(({ topic }) => topic === 'subscriptions.fulfillment-step');
  expect(steps.map(({ payload }) => [payload['kind'], payload['status'], payload['reason']])).toEqual([
    ['SUBSCRIPTION_CREATED', 'DONE', null],
    ['INVOICE_POSTED', 'DONE', null],
  ]);
});

test('an order whose charges are not what its prices come to is refused, and nothing of it takes effect', async () => {
  const order = exampleOrder({ name: 'changed', soldTo: customer });
  const cheaper = order.charges.map((charge) => ({ ...charge, amount: { minor: '1', currency: 'USD' } }));
  await deliverOrder({ ...order, charges: cheaper, total: { minor: '1', currency: 'USD' } });
  expect(await subscriptionRows(order)).toEqual([]);
  expect(await invoiceRows(order)).toEqual([]);
  const reason =
    'PRICE_CHANGED: PREMIUM comes to 3480.00 USD for 2026-11-23 to 2027-11-23, and the order says 0.01 USD for 2026-11-23 to 2027-11-23.';
  expect((await promisedOf(order)).map(({ payload }) => payload)).toEqual([
    {
      orderId: order.id,
      subscriptionId: null,
      kind: 'SUBSCRIPTION_CREATED',
      status: 'REFUSED',
      at: now.toISOString(),
      reason,
    },
    {
      orderId: order.id,
      subscriptionId: null,
      kind: 'INVOICE_POSTED',
      status: 'REFUSED',
      at: now.toISOString(),
      reason,
    },
  ]);
  expect(
    await service.rows('SELECT outcome, reason FROM order_outcome WHERE order_id = $1', [order.id]),
  ).toEqual([{ outcome: 'REFUSED', reason }]);
});

describe('an order that changes a subscription', () => {
  const created = exampleOrder({ name: 'to be changed', soldTo: customer });
  const [action] = created.actions;
  const subscriptionId = action?.subscriptionId ?? '';
  const before = exampleAgreement({ name: 'to be changed', soldTo: customer }, [premium]);
  const seats = (quantity: number): AgreementAction => ({
    kind: 'CHANGE_QUANTITY',
    productCode: 'PREMIUM',
    quantity,
    when: 'NOW',
  });
  const change = (name: string, quantity: number, baseVersion = 1) =>
    exampleChangeOrder({ name, soldTo: customer }, [
      { subscriptionId, baseVersion, before, change: seats(quantity) },
    ]);
  const outcomeOf = (order: OrderPayload) =>
    service.rows('SELECT outcome, reason FROM order_outcome WHERE order_id = $1', [order.id]);
  const versions = () =>
    service.rows<{ version: number; quantity: number }>(
      'SELECT version, quantity FROM billing_subscription_version WHERE subscription_id = $1 ORDER BY version',
      [subscriptionId],
    );

  test('adds a version and one document with its credits and charges', async () => {
    await deliverOrder(created);
    const order = change('more seats', 12);
    await deliverOrder(order);
    expect(await outcomeOf(order)).toEqual([{ outcome: 'FULFILLED', reason: null }]);
    expect(await versions()).toEqual([
      { version: 1, quantity: 10 },
      { version: 2, quantity: 12 },
    ]);
    expect(await invoiceRows(order)).toEqual([
      expect.objectContaining({ total_minor: (2n * 34_800n).toString() }),
    ]);
    const told = await promisedOf(order);
    expect(told.map(({ topic, sequence }) => [topic, sequence]).slice(-4)).toEqual([
      ['subscriptions.billing-subscription', 2],
      ['subscriptions.fulfillment-step', 1],
      ['subscriptions.fulfillment-step', 1],
      ['subscriptions.invoice', 1],
    ]);
    expect(told.at(-3)?.payload).toMatchObject({ kind: 'SUBSCRIPTION_CHANGED', status: 'DONE' });
  });

  test('that was priced on an older version is refused, and nothing of it takes effect', async () => {
    const order = change('stale', 20);
    await deliverOrder(order);
    expect(await outcomeOf(order)).toEqual([
      {
        outcome: 'REFUSED',
        reason: expect.stringMatching(/^SUBSCRIPTION_CHANGED: S-\d{8} was priced at version 1/),
      },
    ]);
    expect(await versions()).toHaveLength(2);
    expect(await invoiceRows(order)).toEqual([]);
  });

  test('that brings money back makes a credit memo', async () => {
    const now12 = { ...before, items: [{ ...premium, quantity: 12 }] };
    const order = exampleChangeOrder({ name: 'fewer seats', soldTo: customer }, [
      { subscriptionId, baseVersion: 2, before: now12, change: seats(5) },
    ]);
    await deliverOrder(order);
    expect(await outcomeOf(order)).toEqual([{ outcome: 'FULFILLED', reason: null }]);
    expect(order.total.minor).toBe((-7n * 34_800n).toString());
    expect(await invoiceRows(order)).toEqual([]);
    expect(
      await service.rows('SELECT number, total_minor FROM credit_memo WHERE order_id = $1', [order.id]),
    ).toEqual([{ number: 'US-CM-00000001', total_minor: (7n * 34_800n).toString() }]);
  });

  test('in the future waits for its day', async () => {
    const order = { ...change('later', 6, 3), effectiveDate: '2027-01-01' };
    await deliverOrder(order);
    expect(await outcomeOf(order)).toEqual([]);
    expect(
      await service.rows('SELECT order_id, due_at FROM scheduled_order WHERE order_id = $1', [order.id]),
    ).toEqual([{ order_id: order.id, due_at: new Date('2027-01-01T08:00:00.000Z') }]);
  });
});

test('a subscription that goes to another account tells since when it has it, whatever changes afterwards', async () => {
  const receiver = exampleAccount('Receiver');
  await deliverAccount(receiver);
  const example = { name: 'given away', soldTo: customer, effectiveDate: '2026-11-02' };
  const created = exampleOrder(example);
  const [{ subscriptionId } = { subscriptionId: '' }] = created.actions;
  const before = exampleAgreement(example, [premium]);
  const change = (name: string, baseVersion: number, action: AgreementAction, soldTo = customer) =>
    exampleChangeOrder({ name, soldTo, effectiveDate: '2026-11-23' }, [
      { subscriptionId, baseVersion, before, change: action },
    ]);
  await deliverOrder(created);
  const transfer = { kind: 'TRANSFER_OWNER', accountId: receiver.id } as const;
  await deliverOrder(change('transfer', 1, transfer));
  const more = { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 12, when: 'NOW' } as const;
  await deliverOrder(change('more after the transfer', 2, more, receiver));
  const told = (await promisedOf(created)).filter(
    ({ topic }) => topic === 'subscriptions.billing-subscription',
  );
  expect(
    told.map(({ sequence, payload: { accountId, heldSince } }) => [sequence, accountId, heldSince]),
  ).toEqual([
    [1, customer.id, '2026-11-02'],
    [2, receiver.id, '2026-11-23'],
    [3, receiver.id, '2026-11-23'],
  ]);
});

describe('an order that comes before its accounts', () => {
  test('waits for both, in whichever order they come', async () => {
    const soldTo = exampleAccount('Late customer');
    const invoiceOwner = exampleAccount('Late partner');
    const order = exampleOrder({ name: 'early', soldTo, invoiceOwner, partnerId: reseller });
    await deliverOrder(order);
    expect(await service.rows('SELECT order_id FROM waiting_order')).toEqual([{ order_id: order.id }]);
    await deliverAccount(invoiceOwner);
    expect(await subscriptionRows(order)).toEqual([]);
    await deliverAccount(soldTo);
    expect(await subscriptionRows(order)).toHaveLength(1);
    expect(await invoiceRows(order)).toHaveLength(1);
    expect(await service.rows('SELECT order_id FROM waiting_order')).toEqual([]);
  });

  test('is carried out once when all comes at the same moment', async () => {
    const rounds = Array.from({ length: 12 }, (_, round) => {
      const soldTo = exampleAccount(`Racing customer ${round}`);
      const invoiceOwner = exampleAccount(`Racing partner ${round}`);
      return { soldTo, invoiceOwner, order: exampleOrder({ name: `race ${round}`, soldTo, invoiceOwner }) };
    });
    await Promise.all(
      rounds.flatMap(({ soldTo, invoiceOwner, order }) => [
        deliverOrder(order),
        deliverAccount(invoiceOwner),
        deliverAccount(soldTo),
      ]),
    );
    for (const { order } of rounds) expect(await subscriptionRows(order)).toHaveLength(1);
    expect(await service.rows('SELECT order_id FROM waiting_order')).toEqual([]);
  });
});

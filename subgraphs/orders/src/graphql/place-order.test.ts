import { localDate } from '@fulfillment/kernel/domain/calendar';
import { orderPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { agreedYear } from '../../fixtures/order-facts.js';
import { create, orderingOn, placeOrder, stepAt } from '../../fixtures/ordering.js';
import {
  addCustomer,
  newNamespace,
  openAccount,
  registerPartner,
  tellDeployment,
  tellSubscription,
} from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T23:30:00.000Z');
/** It is the next day already in the accounts' billing time zone, Europe/Berlin. */
const today = '2026-11-24';
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { place, placed, preview, seenBy, tellStep } = orderingOn(orders);

const stepKinds = [
  'SUBSCRIPTION_CREATED',
  'INVOICE_POSTED',
  'ENTITLEMENTS_GRANTED',
  'LICENSE_ISSUED',
] as const;

describe('placing an order', () => {
  test('a buyer orders for its own account, at the price that the preview said', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const deployment = newNamespace();
    const actions = [
      create({
        externalId: deployment.externalId,
        addOns: [
          { productCode: 'AI_ADD_ON', quantity: 4 },
          { productCode: 'COMPUTE_MINUTES', quantity: 3 },
          { productCode: 'STORAGE', quantity: 2 },
        ],
      }),
    ];
    const previewed = await preview(buyer, { actions });
    const ordered = await placed(buyer, { actions, purchaseOrderNumber: 'PO 7/2026' });

    expect(previewed).toMatchObject({
      lines: ordered.lines,
      total: ordered.total,
      effectiveDate: today,
      userErrors: [],
    });
    expect(ordered).toMatchObject({
      number: expect.stringMatching(/^O-\d{8}$/) as string,
      status: 'PLACED',
      placedAt: now.toISOString(),
      effectiveDate: today,
      purchaseOrderNumber: 'PO 7/2026',
      refusalReason: null,
      account: { id: accountId },
      invoiceOwner: { id: accountId },
      partner: null,
      actions: [
        {
          position: 1,
          subscription: null,
          deployment: { id: deployment.id },
          plan: { code: 'PREMIUM' },
          quantity: 10,
          termMonths: 12,
          trial: false,
        },
      ],
      net: { amount: '4542.00' },
      tax: { amount: '0.00' },
      total: { amount: '4542.00', currency: 'USD' },
      fulfillment: stepKinds.map((kind) => ({ kind, status: 'PENDING', at: null, reason: null })),
    });
    expect(ordered.lines.map(({ product, amount }) => [product.code, amount.amount])).toEqual([
      ['PREMIUM', '3480.00'],
      ['AI_ADD_ON', '912.00'],
      ['STORAGE', '120.00'],
      // What is bought once comes last.
      ['COMPUTE_MINUTES', '30.00'],
    ]);
    expect(ordered.lines[0]).toMatchObject({
      serviceStart: '2026-11-24',
      serviceEnd: '2027-11-24',
      prorationRatio: '1',
      prorationPolicy: 'ACTUAL_DAYS',
      unitPrice: { amount: '29.00', currency: 'USD' },
      pricePeriod: 'MONTH',
    });
    expect(await seenBy(buyer, ordered.id)).toEqual(ordered);
  });

  test('it is told to the other services once, with ids that follow from the order', async () => {
    const accountId = await openAccount(orders);
    const { id } = await placed(productViewer(accountId), { actions: [create()] });
    const told = (await orders.promised('orders.order')).filter(({ aggregateId }) => aggregateId === id);
    expect(told).toHaveLength(1);
    const payload = orderPayload.parse(told[0]?.payload);
    expect(told[0]?.sequence).toBe(1);
    expect(payload).toMatchObject({
      status: 'PLACED',
      accountId,
      invoiceOwnerAccountId: accountId,
      partnerId: null,
      placedBy: 'product:test-product',
      total: { minor: '348000', currency: 'USD' },
      actions: [
        {
          baseVersion: null,
          change: {
            kind: 'CREATE_SUBSCRIPTION',
            agreement: { renewal: { automatic: true }, items: [{ productCode: 'PREMIUM' }] },
          },
        },
      ],
      charges: [{ kind: 'CHARGE', tax: { rate: '0', jurisdiction: 'DE', reason: 'REVERSE_CHARGE' } }],
    });
    expect(payload.charges[0]?.subscriptionId).toBe(payload.actions[0]?.subscriptionId);
  });

  test.each([
    ['SELF_MANAGED_INSTANCE', 'ULTIMATE', 5, '5940.00'],
    ['DEDICATED_TENANT', 'DEDICATED', 1_000, '1188000.00'],
  ])('a sales person orders for any account and kind: %s', async (kind, planCode, quantity, total) => {
    const accountId = await openAccount(orders);
    const actions = [create({ kind, planCode, quantity })];
    const ordered = await placed(internalViewer(), { accountId, actions });
    expect(ordered).toMatchObject({ account: { id: accountId }, partner: null, total: { amount: total } });
  });

  test('an order may take effect later, and say in which currency', async () => {
    const accountId = await openAccount(orders);
    const input = { effectiveDate: '2027-01-31', currency: 'USD', actions: [create()] };
    const { lines } = await placed(productViewer(accountId), input);
    expect(lines[0]).toMatchObject({ serviceStart: '2027-01-31', serviceEnd: '2028-01-31' });
  });

  test('without the scope nothing happens', async () => {
    const accountId = await openAccount(orders);
    const viewer = productViewer(accountId, { scopes: [] });
    const input = { idempotencyKey: randomUUID(), actions: [create()] };
    const { errors } = await orders.query(viewer, placeOrder, { input });
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toEqual([]);
  });
});

describe('a partner sale', () => {
  test('goes by the distributor; each of the two sees it, nobody else, and the customer no price', async () => {
    const accountId = await openAccount(orders);
    const distributor = await registerPartner(orders);
    const reseller = await registerPartner(orders, distributor);
    const stranger = await registerPartner(orders, distributor);
    await addCustomer(orders, reseller, accountId);
    await addCustomer(orders, stranger, accountId);

    const ordered = await placed(partnerViewer(reseller.id), { accountId, actions: [create()] });
    expect(ordered).toMatchObject({
      account: { id: accountId },
      // The distributor's account is not the reseller's to see.
      invoiceOwner: null,
      partner: { id: reseller.id },
      total: { amount: '3480.00' },
    });
    expect(await seenBy(partnerViewer(distributor.id), ordered.id)).toMatchObject({
      invoiceOwner: { id: distributor.accountId },
      total: { amount: '3480.00' },
    });
    expect(await seenBy(internalViewer(), ordered.id)).toMatchObject({
      invoiceOwner: { id: distributor.accountId },
    });
    expect(await seenBy(partnerViewer(stranger.id), ordered.id)).toBeNull();
    expect(await seenBy(productViewer(accountId), ordered.id)).toMatchObject({
      account: { id: accountId },
      invoiceOwner: null,
      lines: [],
      total: null,
    });
    const grants = (await orders.promised('orders.grant')).filter(
      ({ payload }) => (payload as { object: { id: string } }).object.id === ordered.id,
    );
    expect(
      grants.map(({ payload }) => (payload as { subject: { id: string } }).subject.id).toSorted(),
    ).toEqual([distributor.id, reseller.id].toSorted());
  });

  test('of a distributor itself is paid by it', async () => {
    const accountId = await openAccount(orders);
    const distributor = await registerPartner(orders);
    await addCustomer(orders, distributor, accountId);
    expect(await placed(partnerViewer(distributor.id), { accountId, actions: [create()] })).toMatchObject({
      invoiceOwner: { id: distributor.accountId },
      partner: { id: distributor.id },
    });
  });

  test('needs a customer, a known partner and another account than its own', async () => {
    const customer = await openAccount(orders);
    const stranger = await openAccount(orders);
    const partner = await registerPartner(orders);
    await addCustomer(orders, partner, customer);
    const refusals = [
      await place(partnerViewer(partner.id), { accountId: stranger, actions: [create()] }),
      await place(partnerViewer(partner.id), { accountId: partner.accountId, actions: [create()] }),
      await place(partnerViewer(partner.id), { actions: [create()] }),
      await place(partnerViewer(randomUUID()), { accountId: customer, actions: [create()] }),
    ];
    for (const { order, userErrors } of refusals) {
      expect(order).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'ACCOUNT_NOT_FOUND', field: ['accountId'] }]);
    }
  });
});

describe('fulfillment', () => {
  test('each step is shown with its time; with the last one the order is fulfilled', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const deployment = newNamespace();
    const { id } = await placed(buyer, { actions: [create(deployment)] });
    for (const kind of stepKinds.toReversed()) {
      expect(await seenBy(buyer, id)).toMatchObject({ status: 'PLACED', actions: [{ subscription: null }] });
      await tellStep(id, kind);
    }
    const fulfilled = await seenBy(buyer, id);
    expect(fulfilled).toMatchObject({
      status: 'FULFILLED',
      refusalReason: null,
      actions: [{ subscription: { id: expect.any(String) as string } }],
      fulfillment: stepKinds.map((kind) => ({ kind, status: 'DONE', at: stepAt, reason: null })),
    });
    const told = (await orders.promised('orders.order')).filter(({ aggregateId }) => aggregateId === id);
    expect(told.map(({ sequence, payload }) => [sequence, orderPayload.parse(payload).status])).toEqual([
      [1, 'PLACED'],
      [2, 'FULFILLED'],
    ]);

    // Until its subscription is known here, the order still speaks for the deployment.
    const again = { actions: [create(deployment)] };
    expect((await place(buyer, again)).userErrors).toMatchObject([{ code: 'DEPLOYMENT_ALREADY_SUBSCRIBED' }]);
    const [row] = await orders.rows<{ subscription_id: string }>(
      'SELECT subscription_id FROM order_action WHERE order_id = $1',
      [id],
    );
    const endDate = localDate('2026-11-01');
    const ended = agreedYear({
      term: { startDate: localDate('2025-11-01'), endDate, months: 12 },
      canceledOn: endDate,
    });
    await tellSubscription(orders, accountId, ended, { id: row?.subscription_id ?? '', deployment });
    expect((await place(buyer, again)).userErrors).toEqual([]);
  });

  test('an order for two subscriptions is fulfilled when the last of both has its license', async () => {
    const buyer = productViewer(await openAccount(orders));
    const { id } = await placed(buyer, { actions: [create(), create()] });
    await tellStep(id, 'SUBSCRIPTION_CREATED');
    await tellStep(id, 'INVOICE_POSTED');
    const created = await orders.rows<{ subscription_id: string }>(
      'SELECT subscription_id FROM order_action WHERE order_id = $1 ORDER BY position',
      [id],
    );
    const subscriptionIds = created.map((row) => row.subscription_id);
    for (const subscriptionId of subscriptionIds) {
      expect(await seenBy(buyer, id)).toMatchObject({
        status: 'PLACED',
        fulfillment: stepKinds.map((kind, place) => ({ kind, status: place < 2 ? 'DONE' : 'PENDING' })),
      });
      await tellStep(id, 'ENTITLEMENTS_GRANTED', { subscriptionId });
      await tellStep(id, 'LICENSE_ISSUED', { subscriptionId });
    }
    expect(subscriptionIds).toHaveLength(2);
    expect(await seenBy(buyer, id)).toMatchObject({
      status: 'FULFILLED',
      fulfillment: stepKinds.map((kind) => ({ kind, status: 'DONE', at: stepAt })),
    });
  });

  test('a refusal refuses the order with its reason, and what comes later changes nothing', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id } = await placed(buyer, { actions: [create()] });
    await tellStep(id, 'SUBSCRIPTION_CREATED', { refusal: 'PRICE_CHANGED: the frozen charges differ' });
    for (const kind of stepKinds.slice(1)) await tellStep(id, kind);
    expect(await seenBy(buyer, id)).toMatchObject({
      status: 'REFUSED',
      refusalReason: 'PRICE_CHANGED: the frozen charges differ',
      actions: [{ subscription: null }],
    });
  });

  test('a step of an unknown order is told again until the order is there', async () => {
    await expect(tellStep(randomUUID(), 'LICENSE_ISSUED')).rejects.toThrow('There is no order');
  });
});

test('a known deployment keeps its name when an order does not give one', async () => {
  const accountId = await openAccount(orders);
  await tellDeployment(orders, accountId);
  const [known] = await orders.rows<{ external_id: string }>(
    'SELECT external_id FROM known_deployment WHERE account_id = $1',
    [accountId],
  );
  const { id } = await placed(productViewer(accountId), {
    actions: [create({ externalId: known?.external_id ?? '' })],
  });
  const told = (await orders.promised('orders.order')).find(({ aggregateId }) => aggregateId === id);
  expect(orderPayload.parse(told?.payload).actions[0]?.deployment?.name).toBe('A deployment');
});

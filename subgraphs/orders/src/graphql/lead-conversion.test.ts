import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { fulfillmentStepId } from '@fulfillment/kernel/domain/ids';
import { leadPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeEach, describe, expect, test } from 'vitest';
import { entitlements, offeringOn } from '../../fixtures/offering.js';
import { agreedTrial, agreedYear } from '../../fixtures/order-facts.js';
import { create, orderingOn, stepAt } from '../../fixtures/ordering.js';
import { newNamespace, openAccount, tellSubscription } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

const start = new Date('2026-11-23T09:00:00.000Z');
const later = new Date('2026-11-23T10:00:00.000Z');
let now = start;
/** How far the clock goes each time that somebody looks at it. */
let tick = 0;
beforeEach(() => {
  now = start;
  tick = 0;
});
const orders = await startServiceHarness(ordersDefinition, {
  clock: { now: async () => (now = new Date(now.getTime() + tick)) },
});
const { ask, call, offers } = offeringOn(orders);
const { placed, seenBy, tellStep } = orderingOn(orders);
const sales = internalViewer();

interface LeadInTest {
  readonly id: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

/** Of an account, the first that came in first. */
async function leadsOf(accountId: string, filter: object = {}): Promise<readonly LeadInTest[]> {
  const document = `query ($filter: LeadFilter) { leads(first: 50, sort: CREATED_AT_DESC, filter: $filter) { nodes {
    id status email version order { id } deployment { id } history { kind status by order { id } } } } }`;
  const variables = { filter: { accountId, ...filter } };
  return (await ask<{ leads: { nodes: LeadInTest[] } }>(sales, document, variables)).leads.nodes.toReversed();
}

/** An account that asks for sales about a namespace, with a contract or without. */
async function customer(agreement: Agreement | null = agreedYear()) {
  const accountId = await openAccount(orders);
  const deployment = newNamespace();
  const { id: deploymentId } = deployment;
  const payload = { ...deployment, name: 'A deployment', accountId };
  await orders.deliver('licenses.deployment', payload, { aggregateId: deploymentId });
  const subscriptionId =
    agreement && (await tellSubscription(orders, accountId, agreement, { deployment, occurredAt: now }));
  const buyer = productViewer(accountId);
  const request = (email = 'ada@customer.example') =>
    call(buyer, 'requestSalesContact', 'requestedAt', { deploymentId, name: 'Ada Berg', email });
  const order = (...actions: object[]) => placed(buyer, { actions });
  const more = { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 12 } };
  const bought = create({ externalId: deployment.externalId });
  return {
    accountId,
    deployment,
    deploymentId,
    subscriptionId: subscriptionId ?? '',
    buyer,
    request,
    order,
    more,
    bought,
  };
}

/** The other services carry the order out. */
async function fulfill(id: string): Promise<void> {
  const first = (await seenBy(sales, id))?.['fulfillment'] as { kind: Parameters<typeof tellStep>[1] }[];
  for (const { kind } of first) await tellStep(id, kind);
  expect((await seenBy(sales, id))?.status).toBe('FULFILLED');
}

describe('an order that is fulfilled', () => {
  test('converts the leads of its deployment, whoever they are, and says by which order', async () => {
    const { accountId, request, order, more } = await customer();
    const other = await customer();
    await request();
    await request('bob@customer.example');
    await other.request();
    const { id } = await order(more);
    expect((await leadsOf(accountId)).map(({ status }) => status)).toEqual(['NEW', 'NEW']);
    await fulfill(id);
    const converted = {
      status: 'CONVERTED',
      version: 2,
      order: { id },
      history: [
        { kind: 'STATUS_CHANGED', status: 'CONVERTED', by: 'product:test-product', order: { id } },
        { kind: 'SALES_REQUESTED', order: null },
      ],
    };
    expect(await leadsOf(accountId)).toMatchObject([converted, converted]);
    expect(await leadsOf(accountId, { status: 'CONVERTED' })).toHaveLength(2);
    expect(await leadsOf(other.accountId)).toMatchObject([{ status: 'NEW', order: null }]);
    const told = (await orders.promised('orders.lead')).map(({ sequence, payload }) => ({
      sequence,
      ...leadPayload.parse(payload),
    }));
    expect(told.filter((lead) => lead.accountId === accountId && lead.sequence === 2)).toMatchObject([
      { status: 'CONVERTED', orderId: id, lastEvent: { kind: 'STATUS_CHANGED' } },
      { status: 'CONVERTED', orderId: id, lastEvent: { kind: 'STATUS_CHANGED' } },
    ]);
  });

  test('of a new subscription converts the lead of its deployment', async () => {
    const { accountId, request, order, bought } = await customer(null);
    await request();
    const { id } = await order(bought);
    await fulfill(id);
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'CONVERTED', order: { id } }]);
  });

  test('that names the first contact of its account converts the lead of the trial that waited for it', async () => {
    const { accountId, subscriptionId, buyer } = await customer(null);
    await orders.rows('DELETE FROM contact WHERE account_id = $1', [accountId]);
    const trial = await tellSubscription(orders, accountId, agreedTrial());
    expect([subscriptionId, await leadsOf(accountId)]).toEqual(['', []]);
    tick = 1;
    const soldToContact = { name: 'Ada Berg', email: 'ada@customer.example' };
    const { id } = await placed(buyer, {
      actions: [{ convertTrial: { subscriptionId: trial } }],
      soldToContact,
    });
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'NEW', email: 'ada@customer.example' }]);
    await fulfill(id);
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'CONVERTED', order: { id } }]);
  });

  test('converts once, however often its steps are told', async () => {
    const { accountId, request, order, more } = await customer();
    await request();
    const { id } = await order(more);
    await fulfill(id);
    const before = await leadsOf(accountId);
    for (const kind of ['SUBSCRIPTION_CHANGED', 'INVOICE_POSTED', 'LICENSE_ISSUED'] as const) {
      const payload = {
        orderId: id,
        subscriptionId: null,
        kind,
        status: 'DONE',
        at: stepAt,
        reason: null,
      } as const;
      const service = kind === 'LICENSE_ISSUED' ? 'licenses' : 'subscriptions';
      await orders.deliver(`${service}.fulfillment-step`, payload, {
        aggregateId: fulfillmentStepId(payload),
      });
    }
    expect(await leadsOf(accountId)).toEqual(before);
  });

  test('leaves alone what was asked for after it was placed, and what came to nothing', async () => {
    const { accountId, request, order, more } = await customer();
    await request('gone@customer.example');
    const [gone] = await leadsOf(accountId);
    const change = { leadId: gone?.id, status: 'DISQUALIFIED', reason: 'A student.' };
    await call(sales, 'updateLead', 'lead { id }', change);
    const { id } = await order(more);
    now = later;
    await request('late@customer.example');
    await fulfill(id);
    expect(await leadsOf(accountId)).toMatchObject([
      { status: 'DISQUALIFIED' },
      { status: 'NEW', order: null },
    ]);
  });

  test('is followed by another lead when the same person asks again, even by two at the same moment', async () => {
    const { accountId, request, order, more } = await customer();
    await request();
    const { id } = await order(more);
    await fulfill(id);
    now = later;
    await Promise.all([request(), request('ADA@customer.example')]);
    const [first, second, ...rest] = await leadsOf(accountId);
    expect([first, second, rest]).toMatchObject([
      { status: 'CONVERTED', order: { id }, version: 2 },
      { status: 'NEW', order: null, version: 2 },
      [],
    ]);
    expect(second?.id).not.toBe(first?.id);
  });

  test('does so with a request at the very moment: either it is converted too, or it is the next lead', async () => {
    const { accountId, request, order, more } = await customer();
    await request();
    const { id } = await order(more);
    await tellStep(id, 'SUBSCRIPTION_CHANGED');
    await tellStep(id, 'INVOICE_POSTED');
    await tellStep(id, 'ENTITLEMENTS_GRANTED');
    now = later;
    await Promise.all([tellStep(id, 'LICENSE_ISSUED'), ...Array.from({ length: 5 }, () => request())]);
    const [first, ...rest] = await leadsOf(accountId);
    expect(first).toMatchObject({ status: 'CONVERTED', order: { id } });
    expect(rest.length).toBeLessThanOrEqual(1);
    const asked = [first, ...rest].flatMap((lead) => lead?.['history'] as { kind: string }[]);
    expect(asked.filter(({ kind }) => kind === 'SALES_REQUESTED')).toHaveLength(6);
  });

  test.each(['refused', 'that buys nothing'])('an order %s converts nobody', async (which) => {
    const { accountId, request, order, more, subscriptionId } = await customer();
    await request();
    if (which === 'refused') {
      const { id } = await order(more);
      await tellStep(id, 'SUBSCRIPTION_CHANGED', { refusal: 'No.' });
    } else {
      const { id } = await order({ cancel: { subscriptionId } });
      await fulfill(id);
    }
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'NEW', order: null }]);
  });
});

describe('a trial', () => {
  const paid = agreedYear();

  test('is still a lead when its order is fulfilled, and has bought when it is converted', async () => {
    const { accountId, subscriptionId, order } = await customer(agreedTrial());
    const { id } = await order({ convertTrial: { subscriptionId } });
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'NEW' }]);
    await fulfill(id);
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'CONVERTED', order: { id } }]);
  });

  test('that an order begins converts nobody', async () => {
    const { accountId, request, order, bought } = await customer(null);
    await request();
    const { id } = await order({ createSubscription: { ...bought.createSubscription, trialDays: 30 } });
    await fulfill(id);
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'NEW', order: null }]);
  });

  test('that becomes paid by itself has bought, by the order that began it; told again it converts nobody', async () => {
    const { accountId, deployment, buyer, request } = await customer(null);
    const { id: orderId } = await placed(buyer, {
      actions: [
        {
          createSubscription: {
            ...create({ externalId: deployment.externalId }).createSubscription,
            trialDays: 30,
          },
        },
      ],
    });
    const began = { deployment, recentOrders: [{ orderId, version: 1 }], sequence: 1, occurredAt: now };
    const id = await tellSubscription(orders, accountId, agreedTrial(), began);
    expect(await leadsOf(accountId)).toMatchObject([{ status: 'NEW' }]);
    const ended = { ...began, id, sequence: 2, cause: 'TRIAL_END' } as const;
    await tellSubscription(orders, accountId, paid, ended);
    expect(await leadsOf(accountId)).toMatchObject([
      { status: 'CONVERTED', order: { id: orderId }, history: [{ by: 'service:subscriptions' }, {}] },
    ]);
    await request();
    // As a projection that is built again gets it.
    await orders.rows('DELETE FROM known_subscription WHERE id = $1', [id]);
    await tellSubscription(orders, accountId, paid, { ...ended, sequence: 3 });
    expect((await leadsOf(accountId)).map(({ status }) => status).toSorted()).toEqual(['CONVERTED', 'NEW']);
  });
});

test('the funnel and the leads agree: what an offer sold is an order, and its lead is converted by the same', async () => {
  const { accountId, buyer, deploymentId, request } = await customer();
  await request();
  const used = entitlements(deploymentId, { seats: { purchased: 10, used: 9, maximum: 9 } });
  const placement = 'SEATS';
  const [offer] = (await offers(buyer, [used], { placement })).lists[0] ?? [];
  const { id } = await placed(buyer, { ...offer?.order });
  await fulfill(id);
  const { offerFunnel } = await ask<{ offerFunnel: object[] }>(
    sales,
    `query ($filter: OfferFunnelFilter!) { offerFunnel(filter: $filter) { bought { events deployments } } }`,
    { filter: { from: '2026-11-23', until: '2026-11-24', placement } },
  );
  const sold = await leadsOf(accountId, { status: 'CONVERTED' });
  expect(offerFunnel).toEqual([{ bought: { events: 1, deployments: sold.length } }]);
  expect(sold).toMatchObject([{ order: { id }, deployment: { id: deploymentId } }]);
});

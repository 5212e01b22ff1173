import { randomUUID } from 'node:crypto';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { populationBatches } from '@fulfillment/kernel/population/population';
import { describe, expect, it } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import { seededDay, startSeededSystem } from '../kit/seeded-system.js';

const accounts = 200;
const system = await startSeededSystem(accounts);
const stories = [...populationBatches({ accounts, today: seededDay })].flatMap((batch) => batch.accounts);

/** A customer that buys from two partners. */
const shared = stories.find(({ soldBy }) => soldBy.length === 2);
if (!shared) throw new Error('The population has no customer of two partners');
const [left, right] = shared.soldBy.map(({ partner }) => partner.id);
if (left === undefined || right === undefined) throw new Error('A customer of two partners has two');
const soldThrough = (partnerId: string) =>
  shared.deployments.flatMap(({ subscription }) =>
    subscription?.seller?.id === partnerId ? [subscription] : [],
  );

interface CustomerAccount {
  id: string;
  name: string;
  subscriptions: {
    nodes: {
      id: string;
      status: string;
      quantity: number;
      plan: { code: string } | null;
      currentTerm: { endDate: string };
      renewal: { date: string } | null;
    }[];
  } | null;
}

const as = (partner: string) => ({ audience: 'partner', partner }) as const;

describe('a partner', () => {
  it('sees its customers, what they run and when they renew', async () => {
    const { data, errors } = await system.graphql<{
      currentPartner: { customers: { nodes: { account: CustomerAccount | null }[] } };
    }>(as(left), clientOperation('partner/MyCustomers'), { first: 100 });
    expect(errors).toEqual([]);
    const customers = data?.currentPartner.customers.nodes.map(({ account }) => account) ?? [];
    expect(customers.length).toBeGreaterThan(0);
    expect(customers).not.toContain(null);

    const customer = customers.find((account) => account?.id === shared.id);
    expect(customer?.name).toBe(shared.name);
    const sold = soldThrough(left);
    const shown = customer?.subscriptions?.nodes ?? [];
    expect(shown.map(({ id }) => id).sort()).toEqual(sold.map(({ subscriptionId }) => subscriptionId).sort());
    for (const { subscriptionId, planCode, quantity, terms } of sold) {
      expect(shown.find(({ id }) => id === subscriptionId)).toMatchObject({
        plan: { code: planCode },
        quantity,
        currentTerm: { endDate: terms.at(-1)?.endDate },
      });
    }
    // What runs on renews, or may be renewed, on the day that its term ends.
    const running = customers
      .flatMap((account) => account?.subscriptions?.nodes ?? [])
      .filter(({ status }) => status === 'ACTIVE');
    expect(running.length).toBeGreaterThan(0);
    for (const { renewal, currentTerm } of running) expect(renewal?.date).toBe(currentTerm.endDate);
  });

  it('sees its orders with every step of their fulfillment', async () => {
    const { data, errors } = await system.graphql<{
      currentPartner: { orders: { nodes: { id: string; fulfillment: { status: string }[] }[] } };
    }>(as(left), clientOperation('partner/MyOrders'), {});
    expect(errors).toEqual([]);
    const orders = data?.currentPartner.orders.nodes ?? [];
    expect(orders.length).toBeGreaterThan(0);
    for (const { fulfillment } of orders)
      expect(fulfillment.map(({ status }) => status)).toEqual(Array(4).fill('DONE'));
  });
});

describe('two partners who sell to one customer', () => {
  const document = `query ($id: ID!) {
    account(id: $id) {
      name
      subscriptions(first: 50) { totalCount nodes { id items { unitPrice { amount } } } }
      invoices(first: 50) { nodes { id } }
      deployments { id }
    }
  }`;

  interface Seen {
    account: {
      name: string;
      subscriptions: { totalCount: number; nodes: { id: string }[] };
      invoices: { nodes: unknown[] };
      deployments: { id: string }[];
    } | null;
  }

  it.each([
    ['the one', left, right],
    ['the other', right, left],
  ])('see their own subscription alone: %s', async (_, partner, other) => {
    const { data } = await system.graphql<Seen>(as(partner), document, { id: shared.id });
    const own = soldThrough(partner).map(({ subscriptionId }) => subscriptionId);
    expect(own.length).toBeGreaterThan(0);
    expect(data?.account?.name).toBe(shared.name);
    expect(data?.account?.subscriptions.nodes.map(({ id }) => id).sort()).toEqual([...own].sort());
    expect(data?.account?.subscriptions.totalCount).toBe(own.length);
    // The customer's own invoices are not the partner's to see.
    expect(data?.account?.invoices.nodes).toEqual([]);

    const othersRows = soldThrough(other);
    for (const { subscriptionId, orderId } of othersRows) {
      const probe = await system.graphql(
        as(partner),
        'query ($s: ID!, $o: ID!) { billingSubscription(id: $s) { id number } order(id: $o) { id number } }',
        { s: subscriptionId, o: orderId },
      );
      expect(probe.data).toEqual({ billingSubscription: null, order: null });
    }
  });

  it('pay for what they order; the license goes to the customer’s own contact, and to nobody of theirs', async () => {
    const externalId = `through-a-partner-${randomUUID()}`;
    const deployment = { kind: 'SELF_MANAGED_INSTANCE', externalId } as const;
    const createSubscription = { deployment, planCode: 'PREMIUM', quantity: 3 };
    const placed = await system.graphql<{ placeOrder: { userErrors: unknown[] } }>(
      as(left),
      clientOperation('partner/PlaceOrder'),
      {
        order: { idempotencyKey: randomUUID(), accountId: shared.id, actions: [{ createSubscription }] },
      },
    );
    expect(placed.data?.placeOrder.userErrors).toEqual([]);
    const ask = async () =>
      (
        await system.graphql<{ deployment: { licenses: { delivery: object }[] } | null }>(
          { audience: 'internal' },
          'query ($id: ID!) { deployment(id: $id) { licenses { delivery { state sentTo } } } }',
          { id: deploymentId(deployment.kind, externalId) },
        )
      ).data?.deployment?.licenses;
    const recipients = shared.contacts.filter(({ role }) => role === 'SOLD_TO').map(({ email }) => email);
    await expect
      .poll(ask, { timeout: 30_000 })
      .toEqual([{ delivery: { state: 'SENT', sentTo: recipients } }]);
  });

  it('reach nothing of an account that they do not sell to', async () => {
    const stranger = stories.find(
      ({ soldBy, deployments }) => soldBy.length === 0 && deployments[0]?.subscription,
    );
    const { data } = await system.graphql<Seen>(as(left), document, { id: stranger?.id });
    expect(data).toEqual({ account: null });
  });

  it('cannot order for an account that they do not sell to', async () => {
    const stranger = stories.find(({ soldBy }) => soldBy.length === 0);
    const { data } = await system.graphql<{ placeOrder: unknown }>(
      as(left),
      clientOperation('partner/PlaceOrder'),
      {
        order: {
          idempotencyKey: randomUUID(),
          accountId: stranger?.id,
          actions: [
            {
              createSubscription: {
                deployment: { kind: 'SAAS_NAMESPACE', externalId: `foreign-${randomUUID()}` },
                planCode: 'PREMIUM',
                quantity: 3,
              },
            },
          ],
        },
      },
    );
    expect(data?.placeOrder).toMatchObject({ order: null, userErrors: [{ code: 'ACCOUNT_NOT_FOUND' }] });
  });
});

describe('the customer of a partner', () => {
  it('sees its subscription and its orders, and neither prices nor invoices', async () => {
    const [subscription] = soldThrough(left);
    const { data, errors } = await system.graphql<{
      order: { lines: unknown[]; total: unknown };
      billingSubscription: { items: { unitPrice: unknown }[] };
    }>(
      { audience: 'product', account: shared.id },
      `query ($s: ID!, $o: ID!) {
         billingSubscription(id: $s) { id items { unitPrice { amount } } partnerOfRecord { id } }
         order(id: $o) { id lines { amount { amount } } total { amount } }
       }`,
      { s: subscription?.subscriptionId, o: subscription?.orderId },
    );
    expect(errors).toEqual([]);
    expect(data?.order).toEqual({ id: subscription?.orderId, lines: [], total: null });
    expect(data?.billingSubscription).toMatchObject({ partnerOfRecord: { id: left } });
    expect(data?.billingSubscription.items.every(({ unitPrice }) => unitPrice === null)).toBe(true);
  });
});

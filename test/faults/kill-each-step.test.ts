import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Checkpoint } from '@fulfillment/kernel/server/checkpoint';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareProcesses } from '../kit/processes.js';
import { seedSystem } from '../kit/seeded-system.js';

/**
 * One order for each place at which a process can die between two steps. The process kills itself there with SIGKILL,
 * is started again, and the order must come out as if nothing had happened: nothing lost, nothing twice.
 */
const killings: [ServiceName, Checkpoint][] = [
  ['orders', 'use-case.before-commit'],
  ['orders', 'use-case.after-commit'],
  ['orders', 'relay.before-publish'],
  ['orders', 'relay.after-publish'],
  ['orders', 'inbox.before-commit'],
  ['orders', 'inbox.after-commit'],
  ['subscriptions', 'inbox.before-commit'],
  ['subscriptions', 'inbox.after-commit'],
  ['subscriptions', 'relay.before-publish'],
  ['subscriptions', 'relay.after-publish'],
  ['licenses', 'inbox.before-commit'],
  ['licenses', 'inbox.after-commit'],
  ['licenses', 'relay.before-publish'],
  ['licenses', 'relay.after-publish'],
  ['partners', 'inbox.before-commit'],
  ['partners', 'inbox.after-commit'],
];

const system = await prepareProcesses();
const demo = await seedSystem(system.databaseUrls, 60, new Date().toISOString().slice(0, 10));
const partnerToken = { audience: 'partner', partner: demo.partner.partnerId } as const;
const accountId = demo.product.accountId;

const databases = {
  orders: new pg.Pool({ connectionString: system.databaseUrls.orders, max: 1 }),
  subscriptions: new pg.Pool({ connectionString: system.databaseUrls.subscriptions, max: 1 }),
  licenses: new pg.Pool({ connectionString: system.databaseUrls.licenses, max: 1 }),
  partners: new pg.Pool({ connectionString: system.databaseUrls.partners, max: 1 }),
};

beforeAll(async () => {
  await Promise.all(
    (['orders', 'subscriptions', 'licenses', 'partners', 'gateway'] as const).map((name) =>
      system.start(name),
    ),
  );
});

afterAll(async () => {
  await system.stopAll();
  await Promise.all(Object.values(databases).map((pool) => pool.end()));
});

const placeOrder = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id } userErrors { code message field } }
}`;

const orderStatus = `query ($id: ID!) {
  order(id: $id) { status total { amount } fulfillment { kind status at } }
}`;

interface Placed {
  placeOrder: { order: { id: string } | null; userErrors: unknown[] } | null;
}

interface OrderState {
  order: {
    status: string;
    total: { amount: string };
    fulfillment: { status: string; at: string | null }[];
  } | null;
}

describe('an order survives a kill -9 of', () => {
  it.each(killings)('%s at %s', { timeout: 60_000 }, async (service, checkpoint) => {
    await system.stop(service);
    await system.start(service, { KILL_AT: checkpoint });
    const externalId = `kill-${service}-${checkpoint.replace('.', '-')}`;
    const input = {
      idempotencyKey: randomUUID(),
      accountId,
      actions: [
        {
          createSubscription: {
            deployment: { kind: 'SAAS_NAMESPACE', externalId },
            planCode: 'PREMIUM',
            quantity: 10,
            addOns: [{ productCode: 'COMPUTE_MINUTES', quantity: 2 }],
          },
        },
      ],
    };
    const first = await system.graphql<Placed>(partnerToken, placeOrder, { input });

    expect(await system.ended(service)).toBe('SIGKILL');
    await system.start(service);
    // A client that got no answer asks again with the same key, and a client that got one may too.
    const again = await system.graphql<Placed>(partnerToken, placeOrder, { input });
    const orderId = again.data?.placeOrder?.order?.id;
    expect(again.data?.placeOrder?.userErrors).toEqual([]);
    if (first.data?.placeOrder?.order) expect(first.data.placeOrder.order.id).toBe(orderId);
    if (orderId === undefined) throw new Error('The order was not placed');

    expect(await untilFulfilled(orderId)).toMatchObject({
      status: 'FULFILLED',
      total: { amount: '3500.00' },
      fulfillment: Array.from({ length: 4 }, () => ({ status: 'DONE', at: expect.any(String) })),
    });
    await expectOnce(orderId, externalId);
  });
});

describe('leads reach their receiver, each version under one id, when orders is killed', () => {
  const receiver = startReceiver();
  afterAll(() => receiver.close());
  const deployment = demo.product.deployment.id;
  const token = { audience: 'product', account: accountId, deployment } as const;
  const environment = async () => ({
    LEAD_WEBHOOK_URL: await receiver.url,
    LEAD_WEBHOOK_SECRET: 'a secret of 24 letters',
  });

  const ask = async (person: string): Promise<void> => {
    const { data } = await system.graphql(token, requestSalesContact, {
      input: {
        idempotencyKey: randomUUID(),
        deploymentId: deployment,
        name: person,
        email: `${person}@example.com`,
      },
    });
    expect(data).toMatchObject({ requestSalesContact: { userErrors: [] } });
  };
  /** The ids of what was sent about a person, one for each time. */
  const idsOf = (person: string) =>
    receiver.sent.filter(({ email }) => email === `${person}@example.com`).map(({ id }) => id);

  it('while the receiver has not answered yet', { timeout: 60_000 }, async () => {
    await system.stop('orders');
    receiver.answers = false;
    await system.start('orders', await environment());
    const people = ['ada', 'bob', 'cy', 'dee'];
    for (const person of people) await ask(person);
    await expect.poll(() => receiver.sent.length, { timeout: 10_000 }).toBe(1);
    await system.stop('orders', 'SIGKILL');
    receiver.answers = true;
    await system.start('orders', await environment());
    await expect
      .poll(() => people.map((person) => idsOf(person).length), { timeout: 30_000 })
      .toEqual([2, 1, 1, 1]);
    expect(new Set(people.flatMap(idsOf)).size).toBe(people.length);
  });

  it('after the receiver took it, before that is known', { timeout: 60_000 }, async () => {
    await system.stop('orders');
    await system.start('orders', { ...(await environment()), KILL_AT: 'inbox.before-commit' });
    await ask('eve');
    expect(await system.ended('orders')).toBe('SIGKILL');
    expect(idsOf('eve')).toHaveLength(1);
    await system.start('orders', await environment());
    await expect.poll(() => idsOf('eve').length, { timeout: 30_000 }).toBe(2);
    const [first, second] = idsOf('eve');
    expect(second).toBe(first);
  });
});

const requestSalesContact = `mutation ($input: RequestSalesContactInput!) {
  requestSalesContact(input: $input) { requestedAt userErrors { code message } }
}`;

/** A receiver of leads: it takes what it is sent, or says nothing. */
function startReceiver() {
  const sent: { readonly id: string; readonly email: string }[] = [];
  const state = { sent, answers: true };
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { data } = JSON.parse(await text(request)) as { data: { email: string } };
    sent.push({ id: String(request.headers['webhook-id']), email: data.email });
    if (state.answers) response.writeHead(204).end();
  };
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  const url = once(server, 'listening').then(
    () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return Object.assign(state, { url, close });
}

async function untilFulfilled(orderId: string): Promise<OrderState['order'] | undefined> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { data } = await system.graphql<OrderState>(partnerToken, orderStatus, { id: orderId });
    if (data?.order?.status === 'FULFILLED' || performance.now() > deadline) return data?.order;
    await sleep(50);
  }
}

/** Exactly one of everything that an order brings about, in every database. */
async function expectOnce(orderId: string, externalId: string): Promise<void> {
  const deployment = derivedId('deployment', 'SAAS_NAMESPACE', externalId);
  const counted = await Promise.all([
    count('orders', 'SELECT FROM orders WHERE id = $1', orderId),
    count('subscriptions', 'SELECT FROM billing_subscription_version WHERE order_id = $1', orderId),
    count('subscriptions', 'SELECT FROM billing_subscription WHERE deployment_id = $1', deployment),
    count('subscriptions', 'SELECT FROM invoice WHERE order_id = $1', orderId),
    count('licenses', 'SELECT FROM license WHERE deployment_id = $1', deployment),
    count('partners', 'SELECT FROM commission WHERE order_id = $1', orderId),
  ]);
  expect(counted).toEqual([1, 1, 1, 1, 1, 1]);
  const { rows } = await databases.subscriptions.query<{ total: string; start: string; end: string }>(
    `SELECT i.total_minor AS total, v.term_start::text AS start, v.term_end::text AS "end"
     FROM invoice AS i JOIN billing_subscription_version AS v ON v.order_id = i.order_id WHERE i.order_id = $1`,
    [orderId],
  );
  const [billed] = rows;
  expect(billed?.total).toBe('350000');
  expect(billed?.end).toBe(addMonths(localDate(billed?.start ?? ''), 12));
}

async function count(service: keyof typeof databases, statement: string, value: string): Promise<number> {
  const deadline = performance.now() + 10_000;
  // A commission follows the fulfilled order by an event of its own.
  for (;;) {
    const { rowCount } = await databases[service].query(statement, [value]);
    if ((rowCount ?? 0) > 0 || performance.now() > deadline) return rowCount ?? 0;
    await sleep(50);
  }
}

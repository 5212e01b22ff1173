import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { offeringOn } from '../../fixtures/offering.js';
import { agreedTrial, agreedYear } from '../../fixtures/order-facts.js';
import {
  newNamespace,
  openAccount,
  registerPartner,
  tellDeployment,
  tellSubscription,
} from '../../fixtures/parties.js';
import { startingLeadPolicy } from '../catalog/lead-policy.js';
import { createWebhookReceiver } from '../crm/webhook-receiver.js';
import { createOrdersDefinition } from '../definition.js';
import { localCheckout } from '../environment.js';

/** A CRM that takes what is posted to it while it is up. */
const secret = 'a secret of sixteen letters';
const taken: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
let isUp = true;
/** Those who wait for an answer while it hangs; null while it answers. */
let hanging: ServerResponse[] | null = null;
const crm = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => (body += part));
  request.on('end', () => {
    if (hanging !== null) return void hanging.push(response);
    if (isUp) taken.push({ headers: request.headers, body });
    response.writeHead(isUp ? 204 : 503).end();
  });
});
await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
afterAll(() => {
  crm.closeAllConnections();
  crm.close();
});
const url = `http://127.0.0.1:${(crm.address() as AddressInfo).port}/leads`;

const now = new Date('2026-11-23T09:00:00.000Z');
const definition = createOrdersDefinition(localCheckout, createWebhookReceiver({ url, secret }));
const orders = await startServiceHarness(definition, { clock: { now: async () => now } });
const { ask, call } = offeringOn(orders);
const sales = internalViewer();

beforeEach(() => {
  isUp = true;
  hanging = null;
});

const fields = `id status name email phone owner score version region segment scoreReasons { code points reason }
  account { id } deployment { id } partner { id } createdAt updatedAt
  history { kind at by message seats planCode status owner } deliveries { version receiver }`;

interface LeadInTest {
  readonly id: string;
  readonly status: string;
  readonly email: string;
  readonly version: number;
  readonly history: readonly { readonly kind: string; readonly message: string | null }[];
  readonly deliveries: readonly { readonly version: number; readonly receiver: string }[];
  readonly [field: string]: unknown;
}
interface Leads {
  readonly nodes: readonly LeadInTest[];
  readonly totalCount: number;
}

async function leads(filter: object, sort = 'SCORE_DESC', viewer: Viewer = sales): Promise<Leads> {
  const document = `query ($filter: LeadFilter, $sort: LeadSort) {
    leads(first: 50, filter: $filter, sort: $sort) { totalCount nodes { ${fields} } } }`;
  return (await ask<{ leads: Leads }>(viewer, document, { filter, sort })).leads;
}

const leadsOf = async (accountId: string) => (await leads({ accountId })).nodes;

interface Requested {
  readonly requestedAt: string | null;
}
interface Updated {
  readonly lead: LeadInTest | null;
}

async function customer() {
  const accountId = await openAccount(orders);
  const deploymentId = await tellDeployment(orders, accountId);
  const buyer = productViewer(accountId);
  const request = (more: object = {}, viewer: Viewer = buyer) =>
    call<Requested>(viewer, 'requestSalesContact', 'requestedAt', {
      deploymentId,
      name: 'Ada Berg',
      email: 'ada@customer.example',
      ...more,
    });
  const update = async (leadId: string | undefined, change: object, viewer: Viewer = sales) =>
    call<Updated>(viewer, 'updateLead', `lead { ${fields} }`, { leadId, ...change });
  return { accountId, deploymentId, buyer, request, update };
}

const codes = (answer: { readonly userErrors: readonly { code: string; field: readonly string[] }[] }) =>
  answer.userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);

describe('who wants to talk to sales', () => {
  test('is a lead, scored and assigned by the policy', async () => {
    const { accountId, deploymentId, request } = await customer();
    const answer = await request({
      phone: '+49 30 1',
      message: 'Two\nlines.',
      seats: 150,
      planCode: 'ULTIMATE',
    });
    expect(answer).toEqual({ requestedAt: now.toISOString(), userErrors: [] });
    expect(await leadsOf(accountId)).toMatchObject([
      {
        status: 'NEW',
        name: 'Ada Berg',
        email: 'ada@customer.example',
        phone: '+49 30 1',
        owner: 'emea@sales.example',
        region: 'EMEA',
        segment: 'MID_MARKET',
        score: 65,
        scoreReasons: [
          { code: 'ASKED_FOR_SALES', points: 30, reason: 'Asked to talk to sales' },
          { code: 'MID_MARKET', points: 15 },
          { code: 'HUNDRED_SEATS', points: 20 },
        ],
        account: { id: accountId },
        deployment: { id: deploymentId },
        partner: null,
        history: [
          {
            kind: 'SALES_REQUESTED',
            by: 'product:test-product',
            message: 'Two\nlines.',
            seats: 150,
            planCode: 'ULTIMATE',
          },
        ],
      },
    ]);
  });

  test('is one lead however often and however the address is written, even at the same moment', async () => {
    const { accountId, request } = await customer();
    const answers = await Promise.all(
      ['ada@customer.example', 'ADA@customer.example', ' Ada@Customer.Example '].map((email) =>
        request({ email }),
      ),
    );
    expect(answers.flatMap(codes)).toEqual([]);
    const found = await leadsOf(accountId);
    expect(found).toMatchObject([{ email: 'ada@customer.example', version: 3 }]);
    expect(found[0]?.history.map(({ kind }) => kind)).toEqual(Array(3).fill('SALES_REQUESTED'));
    const other = await request({ email: 'bob@customer.example' });
    expect(codes(other)).toEqual([]);
    expect(await leadsOf(accountId)).toHaveLength(2);
  });

  test('is new again where it had come to nothing', async () => {
    const { accountId, request, update } = await customer();
    await request();
    const [before] = await leadsOf(accountId);
    await update(before?.id, { status: 'DISQUALIFIED', reason: 'A student.' });
    await request();
    const [after] = await leadsOf(accountId);
    expect(after).toMatchObject({ status: 'NEW', version: 3 });
    expect(after?.history.map(({ kind }) => kind)).toEqual([
      'REOPENED',
      'SALES_REQUESTED',
      'STATUS_CHANGED',
      'SALES_REQUESTED',
    ]);
  });

  test('asks for a deployment of its own account, and gives what can be worked with', async () => {
    const { request, accountId } = await customer();
    const { buyer: stranger } = await customer();
    expect(codes(await request({}, stranger))).toEqual(['DEPLOYMENT_NOT_FOUND deploymentId']);
    expect(codes(await request({ deploymentId: 'x' }))).toEqual(['DEPLOYMENT_NOT_FOUND deploymentId']);
    expect(codes(await request({ email: 'ada', name: '', seats: 0, planCode: 'STORAGE' }))).toEqual([
      'INVALID_VALUE name',
      'INVALID_VALUE email',
      'INVALID_VALUE seats',
      'PLAN_NOT_FOUND planCode',
    ]);
    expect(await leadsOf(accountId)).toEqual([]);
  });
});

describe('a trial', () => {
  test('is a lead of the person whom we write to, once, and before licenses has told of the deployment', async () => {
    const accountId = await openAccount(orders);
    const deployment = newNamespace();
    const subscriptionId = await tellSubscription(orders, accountId, agreedTrial(), { deployment });
    await tellSubscription(orders, accountId, agreedTrial(), { id: subscriptionId, deployment, sequence: 2 });
    const found = await leadsOf(accountId);
    expect(found).toMatchObject([
      {
        email: 'ada@example.example',
        name: 'Ada Berg',
        score: 35,
        version: 1,
        deployment: { id: deployment.id },
        history: [{ kind: 'TRIAL_STARTED', seats: 10, planCode: 'PREMIUM', by: 'service:subscriptions' }],
      },
    ]);
    await orders.deliver(
      'licenses.deployment',
      { ...deployment, name: 'A deployment', accountId },
      { aggregateId: deployment.id },
    );
    const input = { deploymentId: deployment.id, name: 'Ada Berg', email: 'ADA@example.example' };
    await call(productViewer(accountId), 'requestSalesContact', 'requestedAt', input);
    expect(await leadsOf(accountId)).toMatchObject([{ id: found[0]?.id, score: 65, version: 2 }]);
  });

  test('waits for the first contact of its account, and is no second lead when another one comes', async () => {
    const accountId = await openAccount(orders);
    await orders.rows('DELETE FROM contact WHERE account_id = $1', [accountId]);
    await tellSubscription(orders, accountId, agreedYear());
    const deployments = [newNamespace(), newNamespace()];
    for (const deployment of deployments) {
      await tellSubscription(orders, accountId, agreedTrial(), { deployment });
    }
    expect(await leadsOf(accountId)).toEqual([]);
    const name = (input: object) =>
      call(productViewer(accountId), 'setContact', 'contact { id }', { name: 'Ben Roth', ...input });
    await name({ role: 'BILLING', email: 'Ben@customer.example' });
    const found = await leadsOf(accountId);
    expect(found).toHaveLength(2);
    expect(new Set(found.map(({ deployment }) => (deployment as { id: string }).id))).toEqual(
      new Set(deployments.map(({ id }) => id)),
    );
    for (const lead of found) {
      expect(lead).toMatchObject({ email: 'ben@customer.example', history: [{ kind: 'TRIAL_STARTED' }] });
    }
    await name({ role: 'SOLD_TO', email: 'cleo@customer.example' });
    const after = await leadsOf(accountId);
    expect(after.map(({ id, version }) => [id, version])).toEqual(found.map(({ id }) => [id, 1]));
  });

  test('that is told of while the first contact is set is a lead all the same, once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const accountId = await openAccount(orders);
      await orders.rows('DELETE FROM contact WHERE account_id = $1', [accountId]);
      const input = { role: 'SOLD_TO', name: 'Ben Roth', email: 'ben@customer.example' };
      await Promise.all([
        tellSubscription(orders, accountId, agreedTrial()),
        call(productViewer(accountId), 'setContact', 'contact { id }', input),
      ]);
      expect(await leadsOf(accountId)).toMatchObject([{ email: 'ben@customer.example', version: 1 }]);
    }
  });

  test('of a partner’s customer says so, and what is paid is no lead', async () => {
    const [trying, paying] = [await openAccount(orders), await openAccount(orders)];
    const partner = await registerPartner(orders);
    await tellSubscription(orders, trying, agreedTrial(), { soldBy: partner });
    await tellSubscription(orders, paying, agreedYear());
    expect(await leadsOf(trying)).toMatchObject([{ partner: { id: partner.id }, score: 15 }]);
    expect(await leadsOf(paying)).toEqual([]);
  });
});

describe('the receiver of leads', () => {
  test('gets each version, signed, and what it took is seen', async () => {
    const { accountId, request, update } = await customer();
    await request();
    const [lead] = await leadsOf(accountId);
    await untilTaken(lead?.id, 1);
    await update(lead?.id, { status: 'WORKING' });
    await untilTaken(lead?.id, 2);
    const own = taken.filter(({ headers }) => String(headers['webhook-id']).includes(lead?.id ?? '?'));
    for (const { headers, body } of own) {
      const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
      const signature = createHmac('sha256', secret).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    }
    expect(own.map(({ body }) => (JSON.parse(body) as { data: unknown }).data)).toMatchObject([
      { id: lead?.id, version: 1, status: 'NEW', lastEvent: { kind: 'SALES_REQUESTED' } },
      { id: lead?.id, version: 2, status: 'WORKING', lastEvent: { kind: 'STATUS_CHANGED' } },
    ]);
  });

  test('loses none while it is down: failures are seen, and come again by themselves', async () => {
    isUp = false;
    const { accountId, request } = await customer();
    const people = ['ada', 'bob', 'cleo'];
    for (const name of people) await request({ email: `${name}@down.example` });
    const found = await leadsOf(accountId);
    expect(found.map(({ deliveries }) => deliveries)).toEqual([[], [], []]);
    await vi.waitFor(async () => {
      const failed = await failures();
      for (const { id } of found) {
        expect(failed).toContainEqual({
          aggregateId: id,
          producer: 'ORDERS',
          consumer: 'ORDERS',
          isDeadLetter: false,
          reason: expect.stringContaining('status 503') as string,
        });
      }
    }, patience);
    isUp = true;
    for (const { id } of found) await untilTaken(id, 1);
    // That it was taken is written before the bus knows that it was delivered.
    await vi.waitFor(async () => expect(await failures()).toEqual([]), patience);
  });

  test('may hang: no transaction is open meanwhile, and nothing but leads waits for it', async () => {
    const waiting: ServerResponse[] = [];
    hanging = waiting;
    const { accountId, request } = await customer();
    const people = ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay'];
    for (const name of people) await request({ email: `${name}@hanging.example` });
    await vi.waitFor(() => expect(waiting).toHaveLength(1), patience);
    const before = performance.now();
    await registerPartner(orders);
    expect(performance.now() - before).toBeLessThan(4_000);
    await sleep(1_500);
    const open = `SELECT query FROM pg_stat_activity WHERE datname = current_database()
                  AND state = 'idle in transaction' AND xact_start < now() - interval '1 second'`;
    expect(await orders.rows(open)).toEqual([]);
    expect(waiting).toHaveLength(1);
    hanging = null;
    for (const response of waiting) response.writeHead(503).end();
    for (const { id } of await leadsOf(accountId)) await untilTaken(id, 1);
  });

  test('gets nothing of sandbox accounts', async () => {
    const { accountId, request } = await customer();
    await orders.rows('UPDATE account SET sandbox = true WHERE id = $1', [accountId]);
    await request();
    const [lead] = await leadsOf(accountId);
    await vi.waitFor(async () => {
      const known = await orders.rows('SELECT FROM inbox_position WHERE aggregate_id = $1', [lead?.id]);
      expect(known).toHaveLength(1);
    }, patience);
    expect((await leadsOf(accountId))[0]?.deliveries).toEqual([]);
  });
});

describe('our own people', () => {
  test('find leads by what they are, the most promising first', async () => {
    const { accountId, request } = await customer();
    await request({ email: 'small@list.example' });
    await request({ email: 'large@list.example', seats: 500 });
    const emails = async (filter: object, sort?: string) =>
      (await leads({ accountId, ...filter }, sort)).nodes.map(({ email }) => email);
    expect(await emails({})).toEqual(['large@list.example', 'small@list.example']);
    expect(await emails({ minimumScore: 60 })).toEqual(['large@list.example']);
    expect(await emails({ email: 'SMALL@list.example' })).toEqual(['small@list.example']);
    expect(await emails({ region: 'APAC' })).toEqual([]);
    expect(
      await emails({ status: 'NEW', region: 'EMEA', segment: 'MID_MARKET' }, 'CREATED_AT_DESC'),
    ).toHaveLength(2);
    expect(await emails({ owner: 'nobody' })).toEqual([]);
  });

  test('move them on, as the table allows, and see who did it', async () => {
    const { accountId, request, update } = await customer();
    await request();
    const [lead] = await leadsOf(accountId);
    const id = lead?.id;
    const moved = await update(id, {
      status: 'QUALIFIED',
      owner: 'jane',
      reason: 'Called.',
      expectedVersion: 1,
    });
    expect(moved.lead).toMatchObject({ status: 'QUALIFIED', owner: 'jane', version: 2 });
    expect(moved.lead?.history).toMatchObject([
      { kind: 'OWNER_CHANGED', owner: 'jane', message: 'Called.', by: 'internal:test-internal' },
      { kind: 'STATUS_CHANGED', status: 'QUALIFIED' },
      { kind: 'SALES_REQUESTED' },
    ]);
    expect(codes(await update(id, { status: 'NEW' }))).toEqual(['STATUS_NOT_ALLOWED status']);
    expect(codes(await update(id, { status: 'CONVERTED', expectedVersion: 1 }))).toEqual([
      'LEAD_CHANGED expectedVersion',
    ]);
    expect(codes(await update(accountId, { status: 'WORKING' }))).toEqual(['LEAD_NOT_FOUND leadId']);
    expect(codes(await update('x', { status: 'WORKING' }))).toEqual(['LEAD_NOT_FOUND leadId']);
    expect((await update(id, { status: 'CONVERTED' })).lead?.status).toBe('CONVERTED');
    expect(codes(await update(id, { status: 'WORKING' }))).toEqual(['STATUS_NOT_ALLOWED status']);
    const read = `query ($id: ID!) { lead(id: $id) { ${fields} } }`;
    expect((await ask<{ lead: LeadInTest }>(sales, read, { id })).lead).toMatchObject({ version: 3 });
  });

  test('set how they are scored and to whom they go, for what comes in from then on', async () => {
    const read =
      '{ leadPolicy { version defaultOwner scoring { code kind segment seats points } assignment { owner } } }';
    const { leadPolicy } = await ask<{ leadPolicy: { version: number; scoring: unknown[] } }>(
      sales,
      read,
      {},
    );
    expect(leadPolicy).toMatchObject({ version: 1, defaultOwner: 'leads@sales.example' });
    expect(leadPolicy.scoring).toHaveLength(startingLeadPolicy.scoring.length);
    const scoring = [{ code: 'HUNDRED', kind: 'SEATS_AT_LEAST', seats: 100, points: 7, reason: 'Large' }];
    const set = (more: object = {}) =>
      call<{ policy: { version: number } | null }>(sales, 'setLeadPolicy', 'policy { version }', {
        expectedVersion: 1,
        scoring,
        assignment: [],
        defaultOwner: 'everybody',
        ...more,
      });
    expect(codes(await set({ expectedVersion: 0 }))).toEqual(['POLICY_CHANGED expectedVersion']);
    expect(codes(await set({ scoring: [] }))).toEqual(['INVALID_VALUE scoring']);
    expect(
      codes(
        await set({
          scoring: [
            { code: 'x', kind: 'SEGMENT', points: 1_001, reason: '' },
            { code: 'x', kind: 'TRIAL_STARTED', seats: 1, points: 1, reason: 'Trial' },
          ],
        }),
      ),
    ).toEqual([
      'INVALID_VALUE scoring.0.code',
      'INVALID_VALUE scoring.0.segment',
      'INVALID_VALUE scoring.0.points',
      'INVALID_VALUE scoring.0.reason',
      'INVALID_VALUE scoring.1.code',
      'INVALID_VALUE scoring.1.seats',
      'INVALID_VALUE scoring.1.code',
    ]);
    expect((await set()).policy).toEqual({ version: 2 });
    const { accountId, request } = await customer();
    await request({ seats: 100 });
    expect(await leadsOf(accountId)).toMatchObject([{ score: 7, owner: 'everybody' }]);
    const { scoring: before, assignment, defaultOwner } = startingLeadPolicy;
    const back = before.map(({ condition, ...rule }) => ({ ...condition, ...rule }));
    const again = { expectedVersion: 2, scoring: back, assignment, defaultOwner };
    expect((await set(again)).policy).toEqual({ version: 3 });
  });

  test('alone see leads: no product, no partner, nobody without the scope', async () => {
    const { accountId, buyer, request } = await customer();
    await request();
    const [lead] = await leadsOf(accountId);
    const scopes = ['leads:read', 'leads:write'];
    const partner = partnerViewer((await registerPartner(orders)).id, { scopes });
    const documents = [
      '{ leads(first: 1) { totalCount } }',
      `{ lead(id: "${lead?.id}") { email } }`,
      '{ leadPolicy { version } }',
      `mutation { updateLead(input: { idempotencyKey: "12345678", leadId: "${lead?.id}", status: WORKING }) {
         lead { id } } }`,
    ];
    for (const viewer of [
      buyer,
      productViewer(accountId, { scopes }),
      partner,
      internalViewer({ scopes: [] }),
    ]) {
      for (const document of documents) {
        expect((await orders.query(viewer, document)).errors[0]?.extensions.code).toBe('FORBIDDEN');
      }
    }
    const input = { deploymentId: 'x', name: 'Ada', email: 'ada@example.com' };
    await expect(call(partner, 'requestSalesContact', 'requestedAt', input)).rejects.toThrow('FORBIDDEN');
  });
});

const patience = { timeout: 20_000, interval: 100 };

function untilTaken(id: string | undefined, version: number): Promise<void> {
  return vi.waitFor(async () => {
    const read = 'query ($id: ID!) { lead(id: $id) { deliveries { version receiver } } }';
    const { lead } = await ask<{ lead: LeadInTest }>(sales, read, { id });
    expect(lead.deliveries).toContainEqual({ version, receiver: 'webhook' });
  }, patience);
}

async function failures(): Promise<unknown> {
  const { failedDeliveries } = await ask<{ failedDeliveries: { nodes: unknown } }>(
    sales,
    `{ failedDeliveries(first: 50, filter: { topic: "orders.lead" }) {
       nodes { aggregateId producer consumer isDeadLetter reason } } }`,
    {},
  );
  return failedDeliveries.nodes;
}

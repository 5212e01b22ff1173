import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeAll, describe, expect, it } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import { assignAddOnSeats } from '../src/service/assign-add-on-seats.js';
import {
  addOnItem,
  changed,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newSubscription,
  now,
  planItem,
} from './facts.js';

const clock = { now: async () => now };
const service = await startServiceHarness(licensesDefinition, { clock });
const { transaction } = await openUnitOfWork(licensesDefinition, service.databaseUrl, clock);

beforeAll(async () => {
  await deliverProducts(service);
  await service.deliver(
    'orders.product',
    {
      code: 'AI_ADD_ON',
      name: 'AI Add-on',
      kind: 'ADD_ON',
      rank: null,
      features: [{ key: 'ai_chat', name: 'AI chat', kind: 'ON_OFF', quantity: null }],
    },
    { aggregateId: 'AI_ADD_ON' },
  );
});

const administrator = internalViewer({ subject: 'ann', scopes: ['seats:assign', 'licenses:read'] });

const payloadFields = `outcomes { userId changed userErrors { code field } } assigned available userErrors { code field }`;

interface Payload {
  readonly outcomes: readonly {
    readonly userId: string;
    readonly changed: boolean;
    readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
  }[];
  readonly assigned: number | null;
  readonly available: number | null;
  readonly userErrors: readonly object[];
}

/** Ten seats of Premium with a number of seats of the AI add-on. */
async function newCustomer(seats: number): Promise<BillingSubscriptionPayload> {
  const items = [planItem('PREMIUM', 10), addOnItem('AI_ADD_ON', seats), addOnItem('STORAGE', 2)];
  const subscription = newSubscription({ items });
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  return subscription;
}

function inputOf(
  { deployment }: BillingSubscriptionPayload,
  userIds: readonly string[],
  productCode = 'AI_ADD_ON',
) {
  const { kind: deploymentKind, externalId } = deployment;
  return { idempotencyKey: randomUUID(), deploymentKind, externalId, productCode, userIds };
}

async function call(
  mutation: 'assignAddOnSeats' | 'unassignAddOnSeats',
  input: ReturnType<typeof inputOf>,
  viewer: Viewer = administrator,
) {
  const type = mutation === 'assignAddOnSeats' ? 'AssignAddOnSeatsInput' : 'UnassignAddOnSeatsInput';
  const { data, errors } = await service.query<Record<string, Payload>>(
    viewer,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${payloadFields} } }`,
    { input },
  );
  return { payload: data?.[mutation], errors };
}

async function entitled({ deployment, accountId }: BillingSubscriptionPayload) {
  const { data, requestId } = await service.query<{ entitlements: { addOns: object[] } }>(
    productViewer(accountId),
    `query ($kind: DeploymentKind!, $externalId: String!) {
       entitlements(deploymentKind: $kind, externalId: $externalId) { addOns { productCode quantity assigned available } } }`,
    { kind: deployment.kind, externalId: deployment.externalId },
  );
  return { addOns: data?.entitlements.addOns, statements: service.statements(requestId).length };
}

describe('assignAddOnSeats', () => {
  it('gives seats in the order of the users, each with its own outcome', async () => {
    const customer = await newCustomer(2);
    const { payload } = await call('assignAddOnSeats', inputOf(customer, ['u1', ' u', 'u1', 'u2', 'u3']));
    expect(payload).toEqual({
      outcomes: [
        { userId: 'u1', changed: true, userErrors: [] },
        { userId: ' u', changed: false, userErrors: [{ code: 'INVALID_VALUE', field: ['userIds', '1'] }] },
        { userId: 'u1', changed: false, userErrors: [] },
        { userId: 'u2', changed: true, userErrors: [] },
        { userId: 'u3', changed: false, userErrors: [{ code: 'NO_SEAT_LEFT', field: ['userIds', '4'] }] },
      ],
      assigned: 2,
      available: 0,
      userErrors: [],
    });
    expect(await entitled(customer)).toEqual({
      addOns: [
        { productCode: 'AI_ADD_ON', quantity: 2, assigned: 2, available: 0 },
        { productCode: 'STORAGE', quantity: 2, assigned: null, available: null },
      ],
      statements: 1,
    });
  });

  it('refuses an id that cannot be stored at its own place', async () => {
    const customer = await newCustomer(2);
    const bad = ['u\u0000', 'u\ud800'];
    const { payload } = await call('assignAddOnSeats', inputOf(customer, [...bad, 'u1']));
    expect(payload?.outcomes.map(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([
      ['INVALID_VALUE'],
      ['INVALID_VALUE'],
      [],
    ]);
    expect(payload).toMatchObject({ assigned: 1, available: 1 });
  });

  it('of administrators who ask for the last seat at the same moment, one gets it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const customer = await newCustomer(1);
      // The first ever to ask makes the row that is locked, and others wait for that anyhow: not in this race.
      await call('assignAddOnSeats', inputOf(customer, ['u0']));
      await call('unassignAddOnSeats', inputOf(customer, ['u0']));
      const asking = { viewer: administrator, receivedAt: now };
      const answers = await Promise.all(
        ['u1', 'u2', 'u3', 'u4'].map((userId) =>
          assignAddOnSeats(transaction, asking, inputOf(customer, [userId])),
        ),
      );
      const given = answers.flatMap((one) => (one.ok ? one.value.users : [])).filter((one) => one.changed);
      expect(given).toHaveLength(1);
      expect((await entitled(customer)).addOns?.[0]).toMatchObject({ assigned: 1, available: 0 });
    }
  });

  it('takes a thousand users in a call, and answers a retry as before', async () => {
    const customer = await newCustomer(1_000);
    const input = inputOf(
      customer,
      Array.from({ length: 1_000 }, (_, index) => `user-${index}`),
    );
    const first = await call('assignAddOnSeats', input);
    expect(first.payload).toMatchObject({ assigned: 1_000, available: 0, userErrors: [] });
    expect((await call('assignAddOnSeats', input)).payload).toEqual(first.payload);
    const tooMany = await call('assignAddOnSeats', inputOf(customer, [...input.userIds, 'one more']));
    expect(tooMany.payload?.userErrors).toEqual([{ code: 'INVALID_VALUE', field: ['userIds'] }]);
  });

  it('takes nobody a seat when fewer are bought, and gives none until there is room', async () => {
    const customer = await newCustomer(3);
    await call('assignAddOnSeats', inputOf(customer, ['u1', 'u2', 'u3']));
    const fewer = changed(customer, { items: [planItem('PREMIUM', 10), addOnItem('AI_ADD_ON', 1)] });
    await deliverSubscription(service, fewer, 2);
    expect((await entitled(customer)).addOns).toEqual([
      { productCode: 'AI_ADD_ON', quantity: 1, assigned: 3, available: 0 },
    ]);
    const refused = await call('assignAddOnSeats', inputOf(customer, ['u1', 'u4']));
    expect(refused.payload?.outcomes.map(({ userErrors }) => userErrors.length)).toEqual([0, 1]);
    await call('unassignAddOnSeats', inputOf(customer, ['u1', 'u2', 'u3']));
    const given = await call('assignAddOnSeats', inputOf(customer, ['u4']));
    expect(given.payload).toMatchObject({ assigned: 1, available: 0, outcomes: [{ changed: true }] });
  });

  it('refuses what is no add-on of the deployment, has no seats of users, or may not be seen', async () => {
    const customer = await newCustomer(2);
    const refused = async (input: ReturnType<typeof inputOf>, viewer?: Viewer) =>
      (await call('assignAddOnSeats', input, viewer)).payload?.userErrors;
    const notFound = [{ code: 'ADD_ON_NOT_FOUND', field: ['productCode'] }];
    expect(await refused(inputOf(customer, ['u1'], 'STORAGE'))).toEqual(notFound);
    expect(await refused(inputOf(customer, ['u1'], 'NOTHING'))).toEqual(notFound);
    expect(await refused(inputOf(customer, ['u1'], 'PREMIUM'))).toEqual(notFound);
    expect(await refused(inputOf(customer, ['u1'], 'a\u0000'))).toEqual([
      { code: 'INVALID_VALUE', field: ['productCode'] },
    ]);
    expect(await refused(inputOf(customer, []))).toEqual([{ code: 'INVALID_VALUE', field: ['userIds'] }]);
    const partnerId = randomUUID();
    await grantSubscription(service, partnerId, customer.id);
    for (const viewer of [
      productViewer(randomUUID(), { scopes: ['seats:assign'] }),
      partnerViewer(partnerId, { scopes: ['seats:assign'] }),
    ]) {
      expect(await refused(inputOf(customer, ['u1']), viewer)).toEqual([
        { code: 'DEPLOYMENT_NOT_FOUND', field: ['externalId'] },
      ]);
    }
    const { errors } = await call(
      'assignAddOnSeats',
      inputOf(customer, ['u1']),
      internalViewer({ scopes: [] }),
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('unassignAddOnSeats', () => {
  it('takes seats back, also after the add-on has ended; what was never there stays as it is', async () => {
    const customer = await newCustomer(2);
    await call('assignAddOnSeats', inputOf(customer, ['u1', 'u2']));
    await deliverSubscription(service, changed(customer, { items: [planItem('PREMIUM', 10)] }), 2);
    const { payload } = await call('unassignAddOnSeats', inputOf(customer, ['u1', 'u9']));
    expect(payload).toMatchObject({ assigned: 1, outcomes: [{ changed: true }, { changed: false }] });
    const nothing = await call('unassignAddOnSeats', inputOf(customer, ['u1'], 'NOTHING'));
    expect(nothing.payload).toMatchObject({ assigned: 0, outcomes: [{ changed: false }] });
    expect(
      await service.rows('SELECT product_code FROM add_on_pool WHERE deployment_id = $1', [
        customer.deployment.id,
      ]),
    ).toEqual([{ product_code: 'AI_ADD_ON' }]);
  });
});

describe('Deployment.addOnSeats', () => {
  it('lists who has a seat, and every change with who made it; tells of each change', async () => {
    const customer = await newCustomer(3);
    await call('assignAddOnSeats', inputOf(customer, ['u2', 'u1', 'u3']));
    await call('unassignAddOnSeats', inputOf(customer, ['u3']));
    const ask = async (viewer: Viewer) => {
      const { data } = await service.query<{ deployment: object | null }>(
        viewer,
        `query ($id: ID!) { deployment(id: $id) {
           addOnSeats(productCode: "AI_ADD_ON", first: 1) { totalCount nodes { userId productCode assignedBy assignedAt } }
           addOnSeatHistory { totalCount nodes { kind by } } } }`,
        { id: customer.deployment.id },
      );
      return data?.deployment;
    };
    const assigned = { kind: 'ASSIGNED', by: 'internal:ann' };
    expect(await ask(administrator)).toMatchObject({
      addOnSeats: {
        totalCount: 2,
        nodes: [
          {
            userId: 'u1',
            productCode: 'AI_ADD_ON',
            assignedBy: 'internal:ann',
            assignedAt: now.toISOString(),
          },
        ],
      },
      addOnSeatHistory: { totalCount: 4 },
    });
    const shown = (await ask(administrator)) as { addOnSeatHistory: { nodes: object[] } };
    expect(shown.addOnSeatHistory.nodes).toEqual(
      expect.arrayContaining([assigned, { kind: 'UNASSIGNED', by: 'internal:ann' }]),
    );
    const partnerId = randomUUID();
    await grantSubscription(service, partnerId, customer.id);
    expect(await ask(partnerViewer(partnerId, { scopes: ['licenses:read'] }))).toMatchObject({
      addOnSeats: { totalCount: 0 },
      addOnSeatHistory: { totalCount: 0 },
    });
    const told = (await service.promised('licenses.add-on-seats')).filter(
      ({ payload }) => (payload as { deploymentId: string }).deploymentId === customer.deployment.id,
    );
    expect(
      told.map(({ sequence, payload }) => [sequence, (payload as { assigned: number }).assigned]),
    ).toEqual([
      [1, 3],
      [2, 2],
    ]);
  });
});

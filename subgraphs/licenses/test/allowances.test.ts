import { randomUUID } from 'node:crypto';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeAll, describe, expect, test } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import {
  addOnItem,
  changed,
  deliverGrant,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newSubscription,
  now,
  planItem,
} from './facts.js';

const clock = { at: now };
const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => clock.at } });

beforeAll(async () => {
  await deliverProducts(service);
  const minutes = (quantity: number) => ({
    key: 'compute',
    name: 'Compute minutes',
    kind: 'METERED_ALLOWANCE' as const,
    quantity,
  });
  for (const product of [
    { code: 'PACK', name: 'Minutes', kind: 'ADD_ON' as const, rank: null, features: [minutes(1_000)] },
    {
      code: 'OPEN',
      name: 'Open',
      kind: 'PLAN' as const,
      rank: 3,
      features: [{ ...minutes(100), overage: 'ALLOWED' as const }],
    },
  ]) {
    await service.deliver('orders.product', product, { aggregateId: product.code });
  }
});

type Items = Parameters<typeof newSubscription>[0];

/** A customer with one subscription, and the machine that tells of its use. */
async function newCustomer(agreed: Items = {}) {
  const subscription = newSubscription(agreed);
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  const machine = productViewer(subscription.accountId, { scopes: ['usage:write'] });
  const { kind, externalId } = subscription.deployment;
  return { subscription, machine, deployment: { kind, externalId } };
}

interface Answer {
  readonly allowance: {
    readonly allowance: number;
    readonly used: number;
    readonly remaining: number;
    readonly overage: number;
    readonly resetsOn: string;
  } | null;
  readonly userErrors: readonly {
    readonly code: string;
    readonly field: readonly string[];
    readonly message: string;
  }[];
}

type Viewer = Parameters<typeof service.query>[0];

async function call(name: 'consumeAllowance' | 'reportAllowance', viewer: Viewer, input: object) {
  const type = name === 'consumeAllowance' ? 'ConsumeAllowanceInput' : 'ReportAllowanceInput';
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) {
    allowance { featureKey allowance used remaining overage resetsOn } userErrors { code field message } } }`;
  const { data, errors } = await service.query<Record<string, Answer>>(viewer, document, {
    input: { idempotencyKey: randomUUID(), featureKey: 'compute', ...input },
  });
  return { ...(data?.[name] ?? { allowance: null, userErrors: [] }), errors };
}

const consume = (viewer: Viewer, input: object) => call('consumeAllowance', viewer, input);
const report = (viewer: Viewer, input: object) =>
  call('reportAllowance', viewer, { source: 'runners', ...input });

async function minutesOf(
  { accountId, deployment }: { accountId: string; deployment: { id: string } },
  viewer: Viewer = productViewer(accountId),
) {
  const document = `query ($id: ID!) { deployment(id: $id) { entitlements { features { key
    ... on MeteredAllowanceFeature { quota allowance used remaining overage overageAllowed
      explain { kind code quantity left applies } } } } } }`;
  const { data } = await service.query<{ deployment: { entitlements: { features: { key: string }[] } } }>(
    viewer,
    document,
    { id: deployment.id },
  );
  return data?.deployment.entitlements.features.find(({ key }) => key === 'compute');
}

describe('consumeAllowance', () => {
  test('uses up what is left, and refuses whole what is more', async () => {
    const { machine, deployment, subscription } = await newCustomer();
    expect(await consume(machine, { deployment, amount: 9_000 })).toMatchObject({
      allowance: { allowance: 10_000, used: 9_000, remaining: 1_000, overage: 0, resetsOn: '2026-07-01' },
      userErrors: [],
    });
    const refused = await consume(machine, { deployment, amount: 1_001 });
    expect(refused).toMatchObject({
      allowance: null,
      userErrors: [{ code: 'ALLOWANCE_EXCEEDED', field: ['amount'] }],
    });
    expect(refused.userErrors[0]?.message).toContain('1000 that are left');
    expect(await minutesOf(subscription)).toMatchObject({ used: 9_000, remaining: 1_000 });
    expect((await consume(machine, { deployment, amount: 1_000 })).allowance?.remaining).toBe(0);
  });

  test('the same key uses nothing more, and with another input it is refused', async () => {
    const { machine, deployment, subscription } = await newCustomer();
    const input = { idempotencyKey: randomUUID(), deployment, amount: 10 };
    const first = await consume(machine, input);
    await consume(machine, { deployment, amount: 5 });
    expect(await consume(machine, input)).toEqual(first);
    expect(await consume(machine, { ...input, amount: 11 })).toMatchObject({
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
    expect(await minutesOf(subscription)).toMatchObject({ used: 15 });
  });

  test('of many at the same moment exactly as many are carried out as there is room for', async () => {
    const { machine, deployment, subscription } = await newCustomer();
    await report(machine, { deployment, measuredAt: clock.at, used: 9_900 });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => consume(machine, { deployment, amount: 10 })),
    );
    expect(outcomes.filter(({ allowance }) => allowance !== null)).toHaveLength(10);
    const refused = outcomes.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(refused).toEqual(Array.from({ length: 10 }, () => 'ALLOWANCE_EXCEEDED'));
    // Each saw what the others before it had used.
    const seen = outcomes.flatMap(({ allowance }) => allowance?.remaining ?? []).toSorted((a, b) => a - b);
    expect(seen).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(await minutesOf(subscription)).toMatchObject({ used: 10_000, remaining: 0, overage: 0 });
  });

  test('a plan may let the allowance be exceeded', async () => {
    const { machine, deployment, subscription } = await newCustomer({ items: [planItem('OPEN', 5)] });
    expect((await consume(machine, { deployment, amount: 130 })).allowance).toMatchObject({
      used: 130,
      remaining: 0,
      overage: 30,
    });
    expect(await minutesOf(subscription)).toMatchObject({ overage: 30, overageAllowed: true });
  });

  test('A6: a pack carries over, the quota does not, and the renewal keeps what is left of it', async () => {
    const items = [planItem('PREMIUM', 10), addOnItem('PACK', 5, 'ONE_TIME')];
    const boughtOnce = [{ productCode: 'PACK', quantity: 5, on: '2026-06-01' }];
    const { machine, deployment, subscription } = await newCustomer({ items });
    const bought = changed(subscription, {}, { boughtOnce });
    await deliverSubscription(service, bought, 2);
    expect((await consume(machine, { deployment, amount: 13_000 })).allowance?.remaining).toBe(2_000);
    const renewed = changed(
      bought,
      {
        items: [planItem('PREMIUM', 10)],
        term: { startDate: '2026-07-01', endDate: '2027-07-01', months: 12 },
      },
      { cause: 'AUTO_RENEWAL' },
    );
    await deliverSubscription(service, renewed, 3);
    try {
      clock.at = new Date('2026-07-01T00:00:00Z');
      expect(await minutesOf(subscription)).toMatchObject({
        allowance: 12_000,
        remaining: 12_000,
        explain: [
          { kind: 'PLAN', code: 'PREMIUM', quantity: 10_000, left: null },
          { kind: 'ADD_ON', code: 'PACK', quantity: 5_000, left: 2_000 },
        ],
      });
    } finally {
      clock.at = now;
    }
  });

  test('tells how the allowance stands each time, and each threshold once', async () => {
    const { machine, deployment, subscription } = await newCustomer();
    for (const amount of [7_999, 1, 500, 1_500]) await consume(machine, { deployment, amount });
    const own = (topic: 'licenses.allowance' | 'licenses.allowance-threshold') =>
      service
        .promised(topic)
        .then((events) =>
          events
            .map(({ payload }) => payload as { deploymentId: string; used: number; percent?: number })
            .filter(({ deploymentId }) => deploymentId === subscription.deployment.id),
        );
    expect((await own('licenses.allowance')).map(({ used }) => used)).toEqual([7_999, 8_000, 8_500, 10_000]);
    expect(await own('licenses.allowance-threshold')).toEqual([
      expect.objectContaining({
        percent: 80,
        used: 8_000,
        allowance: 10_000,
        featureKey: 'compute',
        month: '2026-06-01',
      }),
      expect.objectContaining({ percent: 100, used: 10_000, accountId: subscription.accountId }),
    ]);
  });
});

describe('reportAllowance', () => {
  const readings = [
    ['2026-05-30T10:00:00Z', 900],
    ['2026-06-01T10:00:00Z', 10],
    ['2026-06-05T10:00:00Z', 400],
    ['2026-06-05T10:00:00Z', 400],
    ['2026-06-10T10:00:00Z', 1_200],
  ] as const;
  test.each([
    ['in order', readings],
    ['the other way round', readings.toReversed()],
    ['mixed', [readings[3], readings[4], readings[0], readings[1], readings[2]]],
  ])('%s, the outcome is the same', async (_how, given) => {
    const { machine, deployment, subscription } = await newCustomer();
    for (const [measuredAt, used] of given) {
      expect((await report(machine, { deployment, measuredAt, used })).userErrors).toEqual([]);
    }
    expect(await minutesOf(subscription)).toMatchObject({ used: 1_200, remaining: 8_800 });
    expect(
      await report(machine, { deployment, source: 'other', measuredAt: clock.at, used: 5 }),
    ).toMatchObject({
      allowance: { used: 1_205 },
    });
  });

  test('reports at the same moment leave the highest', async () => {
    const { machine, deployment, subscription } = await newCustomer();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        report(machine, { deployment, measuredAt: `2026-06-10T10:00:${10 + index}Z`, used: index * 10 }),
      ),
    );
    expect(await minutesOf(subscription)).toMatchObject({ used: 110 });
  });

  test('may go beyond the allowance, whatever the plan lets: it was used', async () => {
    const { machine, deployment } = await newCustomer();
    expect(await report(machine, { deployment, measuredAt: clock.at, used: 10_400 })).toMatchObject({
      allowance: { remaining: 0, overage: 400, allowance: 10_000 },
    });
  });

  test('what was used while the plan stood is taken in after it is gone, and takes of packs what it would have taken then', async () => {
    const term = { startDate: '2025-06-10', endDate: '2026-06-10', months: 12 };
    const { machine, deployment, subscription } = await newCustomer({ term });
    const bought = changed(
      subscription,
      {},
      { boughtOnce: [{ productCode: 'PACK', quantity: 5, on: '2026-04-01' }] },
    );
    await deliverSubscription(service, bought, 2);
    try {
      // The days of grace are over since the 24th.
      clock.at = new Date('2026-07-02T00:00:00Z');
      expect(await minutesOf(subscription)).toMatchObject({ quota: 0, allowance: 5_000 });
      const late = { deployment, measuredAt: '2026-04-30T23:00:00Z', used: 13_000 };
      const outcome = await report(machine, late);
      // Case A6: 10,000 were of the quota of April, 3,000 of the pack.
      expect(outcome).toMatchObject({
        allowance: { allowance: 2_000, used: 0, remaining: 2_000, overage: 0 },
        userErrors: [],
      });
      expect(await report(machine, late)).toEqual(outcome);
      expect(await minutesOf(subscription)).toMatchObject({ quota: 0, remaining: 2_000 });
      expect(await report(machine, { ...late, measuredAt: '2026-04-02T23:59:59Z' })).toMatchObject({
        userErrors: [{ code: 'INVALID_VALUE', field: ['measuredAt'] }],
      });
    } finally {
      clock.at = now;
    }
  });

  test('of a plan that is gone altogether it is taken in for then, and refused for after that', async () => {
    const term = { startDate: '2025-06-10', endDate: '2026-05-20', months: 12 };
    const { machine, deployment, subscription } = await newCustomer({ term });
    expect(await minutesOf(subscription)).toBeUndefined();
    expect(await report(machine, { deployment, measuredAt: '2026-05-19T00:00:00Z', used: 70 })).toMatchObject(
      {
        allowance: { allowance: 0, used: 0, remaining: 0, overage: 0, resetsOn: '2026-07-01' },
        userErrors: [],
      },
    );
    expect(await report(machine, { deployment, measuredAt: clock.at, used: 1 })).toMatchObject({
      allowance: null,
      userErrors: [{ code: 'FEATURE_NOT_FOUND', field: ['featureKey'] }],
    });
    expect(await consume(machine, { deployment, amount: 1 })).toMatchObject({
      userErrors: [{ code: 'FEATURE_NOT_FOUND', field: ['featureKey'] }],
    });
  });

  test('a count that goes back is refused, and changes nothing', async () => {
    const { machine, deployment, subscription } = await newCustomer();
    await report(machine, { deployment, measuredAt: '2026-06-10T10:00:00Z', used: 100 });
    expect(await report(machine, { deployment, measuredAt: '2026-06-11T10:00:00Z', used: 99 })).toMatchObject(
      {
        allowance: null,
        userErrors: [{ code: 'COUNT_GOES_BACK', field: ['used'] }],
      },
    );
    expect(await minutesOf(subscription)).toMatchObject({ used: 100 });
  });
});

test('a partner is not told of packs that were bought through another one', async () => {
  const agreed = { term: { startDate: '2025-01-01', endDate: '2026-01-01', months: 12 } };
  const boughtOnce = [{ productCode: 'PACK', quantity: 5, on: '2025-06-01' }];
  const former = newSubscription(agreed, { boughtOnce });
  const { accountId, deployment } = former;
  const own = [{ productCode: 'PACK', quantity: 1, on: '2026-02-01' }];
  const present = newSubscription({}, { accountId, deployment, boughtOnce: own });
  await deliverSubscription(service, former);
  await deliverSubscription(service, present);
  await grantAccount(service, accountId);
  const partner = partnerViewer(randomUUID());
  await grantSubscription(service, partner.partnerId, present.id);
  expect(await minutesOf(present, partner)).toMatchObject({
    allowance: 16_000,
    explain: [{ kind: 'PLAN' }, { kind: 'ADD_ON', quantity: 1_000 }],
  });
  expect(await minutesOf(present)).toMatchObject({
    explain: [{ kind: 'PLAN' }, { quantity: 5_000 }, { quantity: 1_000 }],
  });
});

describe('bad input', () => {
  test.each([
    [{ amount: 0 }, 'INVALID_VALUE', ['amount']],
    [{ amount: -5 }, 'INVALID_VALUE', ['amount']],
    [{ amount: 1, featureKey: 'storage' }, 'FEATURE_NOT_FOUND', ['featureKey']],
    [{ amount: 1, featureKey: "'; --" }, 'FEATURE_NOT_FOUND', ['featureKey']],
    [{ amount: 1, idempotencyKey: 'short' }, 'INVALID_VALUE', ['idempotencyKey']],
    [
      { amount: 1, deployment: { kind: 'SAAS_NAMESPACE', externalId: 'nobody' } },
      'DEPLOYMENT_NOT_FOUND',
      ['deployment'],
    ],
  ])('consume %j', async (input, code, field) => {
    const { machine, deployment } = await newCustomer();
    expect(await consume(machine, { deployment, ...input })).toMatchObject({
      allowance: null,
      userErrors: [{ code, field }],
    });
  });

  test.each([
    [{ used: -1 }, 'INVALID_VALUE', ['used']],
    [{ used: 1, source: '' }, 'INVALID_VALUE', ['source']],
    [{ used: 1, source: 'consumed' }, 'INVALID_VALUE', ['source']],
    [{ used: 1, measuredAt: '2026-06-15T12:00:01Z' }, 'INVALID_VALUE', ['measuredAt']],
    [{ used: 1, measuredAt: '2026-01-01T00:00:00Z' }, 'INVALID_VALUE', ['measuredAt']],
  ])('report %j', async (input, code, field) => {
    const { machine, deployment } = await newCustomer();
    expect(await report(machine, { deployment, measuredAt: clock.at, ...input })).toMatchObject({
      userErrors: [{ code, field }],
    });
  });

  test('another account’s deployment answers like one that does not exist', async () => {
    const [{ deployment }, { machine }] = [await newCustomer(), await newCustomer()];
    const here = await consume(machine, { deployment, amount: 1 });
    const nowhere = await consume(machine, {
      deployment: { ...deployment, externalId: 'nobody' },
      amount: 1,
    });
    expect(here).toEqual(nowhere);
  });

  test('who sells or pays for a subscription uses nothing of the allowance', async () => {
    const { deployment, subscription } = await newCustomer();
    const partner = partnerViewer(randomUUID(), { scopes: ['usage:write'] });
    await grantSubscription(service, partner.partnerId, subscription.id);
    const { accountId } = (await newCustomer()).subscription;
    const payer = { kind: 'ACCOUNT', id: accountId } as const;
    await deliverGrant(service, 'subscriptions.grant', payer, { kind: 'SUBSCRIPTION', id: subscription.id });
    for (const viewer of [partner, productViewer(accountId, { scopes: ['usage:write'] })]) {
      const answers = [
        await consume(viewer, { deployment, amount: 1 }),
        await report(viewer, { deployment, measuredAt: clock.at, used: 1 }),
      ];
      expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([
        'DEPLOYMENT_NOT_FOUND',
        'DEPLOYMENT_NOT_FOUND',
      ]);
    }
    expect(await minutesOf(subscription)).toMatchObject({ used: 0 });
  });

  test('a token that names one deployment uses nothing of another one of its account, as if there were none', async () => {
    const { deployment, subscription } = await newCustomer();
    const { id } = newSubscription().deployment;
    const elsewhere = productViewer(subscription.accountId, { scopes: ['usage:write'], deploymentId: id });
    const answer = await consume(elsewhere, { deployment, amount: 1 });
    const { kind, externalId } = newSubscription().deployment;
    expect(answer).toMatchObject({ allowance: null, userErrors: [{ code: 'DEPLOYMENT_NOT_FOUND' }] });
    expect(await consume(elsewhere, { deployment: { kind, externalId }, amount: 1 })).toEqual(answer);
    expect(await minutesOf(subscription)).toMatchObject({ used: 0 });
  });

  test('without the scope nothing is used, nor by a partner', async () => {
    const { deployment, subscription } = await newCustomer();
    for (const viewer of [productViewer(subscription.accountId), partnerViewer(randomUUID())]) {
      const { errors } = await consume(viewer, { deployment, amount: 1 });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(await minutesOf(subscription)).toMatchObject({ used: 0 });
    expect(
      (await consume(internalViewer({ scopes: ['usage:write'] }), { deployment, amount: 1 })).allowance?.used,
    ).toBe(1);
  });
});

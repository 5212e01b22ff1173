import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import {
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newDeployment,
  newSubscription,
  now,
} from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });
beforeAll(() => deliverProducts(service));

const reportDocument = /* GraphQL */ `
  mutation Report($input: ReportFeatureUseInput!) {
    reportFeatureUse(input: $input) {
      outcomes {
        deployment {
          id
        }
        featureUse {
          featureKey
          used
          observedAt
        }
        userErrors {
          code
          message
          field
        }
      }
      userErrors {
        code
        field
      }
    }
  }
`;

interface Outcome {
  readonly deployment: { readonly id: string } | null;
  readonly featureUse: { readonly used: number; readonly observedAt: string } | null;
  readonly userErrors: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: string[];
  }[];
}

interface Reported {
  readonly reportFeatureUse: {
    readonly outcomes: readonly Outcome[];
    readonly userErrors: readonly object[];
  } | null;
}

async function newCustomer(kind: Parameters<typeof newDeployment>[1] = 'SAAS_NAMESPACE') {
  const subscription = newSubscription({}, { deployment: newDeployment('Acme', kind) });
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  const { externalId, id } = subscription.deployment;
  const machine = productViewer(subscription.accountId, { scopes: ['usage:write'] });
  return { subscription, id, deployment: { kind, externalId }, machine };
}

async function report(viewer: Viewer, reports: readonly object[], idempotencyKey = randomUUID()) {
  const input = { idempotencyKey, reports: reports.map((one) => ({ featureKey: 'storage', ...one })) };
  const { data, errors, requestId } = await service.query<Reported>(viewer, reportDocument, { input });
  return { ...data?.reportFeatureUse, errors, statements: service.statements(requestId) };
}

async function storageOf({ subscription, id }: Awaited<ReturnType<typeof newCustomer>>) {
  const document = `query ($id: ID!) { deployment(id: $id) { entitlements { features { key
    ... on LimitFeature { limit used observedAt } } } } }`;
  const { data } = await service.query<{ deployment: { entitlements: { features: { key: string }[] } } }>(
    productViewer(subscription.accountId),
    document,
    { id },
  );
  return data?.deployment.entitlements.features.find(({ key }) => key === 'storage');
}

const told = async (id: string) =>
  (await service.promised('licenses.feature-use'))
    .filter(({ payload }) => (payload as { deploymentId: string }).deploymentId === id)
    .map(({ sequence, payload }) => ({ sequence, used: (payload as { used: number }).used }));

const yesterday = '2026-06-14T12:00:00.000Z';

describe('reportFeatureUse', () => {
  it.each(['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE', 'DEDICATED_TENANT'] as const)(
    'of a %s shows in its entitlements at once',
    async (kind) => {
      const customer = await newCustomer(kind);
      expect(await storageOf(customer)).toMatchObject({ limit: 10, used: 0, observedAt: null });
      const { deployment, machine } = customer;
      const { outcomes, userErrors, errors } = await report(machine, [{ deployment, used: 9 }]);
      expect([userErrors, errors]).toEqual([[], []]);
      const observedAt = now.toISOString();
      expect(outcomes).toEqual([
        {
          deployment: { id: customer.id },
          featureUse: { featureKey: 'storage', used: 9, observedAt },
          userErrors: [],
        },
      ]);
      expect(await storageOf(customer)).toMatchObject({ limit: 10, used: 9, observedAt });
    },
  );

  it('lets the newest observation hold, whatever comes late; of the same moment the higher', async () => {
    const customer = await newCustomer();
    const { deployment, machine, id } = customer;
    await report(machine, [{ deployment, used: 5 }]);
    const late = await report(machine, [{ deployment, used: 40, observedAt: yesterday }]);
    expect(late.outcomes).toMatchObject([{ featureUse: { used: 5, observedAt: now.toISOString() } }]);
    await report(machine, [{ deployment, used: 6, observedAt: now }]);
    await report(machine, [{ deployment, used: 4, observedAt: now }]);
    expect(await storageOf(customer)).toMatchObject({ used: 6 });
    // What others would see nothing new of is not told.
    expect(await told(id)).toEqual([
      { sequence: 1, used: 5 },
      { sequence: 2, used: 6 },
    ]);
  });

  it('tells of the first observation of a day, though the number is the same', async () => {
    const { deployment, machine, id } = await newCustomer();
    for (const observedAt of [yesterday, '2026-06-14T13:00:00Z', now, now]) {
      await report(machine, [{ deployment, used: 5, observedAt }]);
    }
    expect(await told(id)).toEqual([
      { sequence: 1, used: 5 },
      { sequence: 2, used: 5 },
    ]);
  });

  it('gives each report its own outcome, and records those that are right', async () => {
    const customer = await newCustomer();
    const other = await newCustomer();
    const { deployment, machine } = customer;
    const refused = [
      [{ deployment: { ...deployment, externalId: 'nobody' } }, 'DEPLOYMENT_NOT_FOUND', 'deployment'],
      // Another account's is answered like one that does not exist.
      [{ deployment: other.deployment }, 'DEPLOYMENT_NOT_FOUND', 'deployment'],
      [{ featureKey: 'unheard_of' }, 'FEATURE_NOT_FOUND', 'featureKey'],
      [{ featureKey: 'a\u0000b' }, 'FEATURE_NOT_FOUND', 'featureKey'],
      [{ featureKey: 'compute' }, 'FEATURE_NOT_FOUND', 'featureKey'],
      [{ featureKey: 'issues' }, 'FEATURE_NOT_FOUND', 'featureKey'],
      [{ used: -1 }, 'INVALID_VALUE', 'used'],
      [{ used: 1_000_000_001 }, 'INVALID_VALUE', 'used'],
      [{ observedAt: '2026-06-15T12:06:00Z' }, 'INVALID_VALUE', 'observedAt'],
      [{ observedAt: '2021-01-01T00:00:00Z' }, 'INVALID_VALUE', 'observedAt'],
    ] as const;
    const { outcomes } = await report(machine, [
      ...refused.map(([wrong]) => ({ deployment, used: 50, ...wrong })),
      { deployment, used: 8 },
    ]);
    expect(outcomes?.slice(0, -1)).toEqual(
      refused.map(([, code, field], index) => ({
        deployment: null,
        featureUse: null,
        userErrors: [{ code, message: expect.any(String), field: ['reports', String(index), field] }],
      })),
    );
    expect(outcomes?.[4]?.userErrors[0]?.message).toContain('`reportAllowance`');
    expect(outcomes?.at(-1)).toMatchObject({ featureUse: { used: 8 } });
    expect(await storageOf(customer)).toMatchObject({ used: 8 });
    expect(await storageOf(other)).toMatchObject({ used: 0 });
  });

  it('is for who runs the deployment, and for the company', async () => {
    const { deployment, subscription, machine } = await newCustomer();
    const partnerId = randomUUID();
    await grantSubscription(service, partnerId, subscription.id);
    const reports = [{ deployment, used: 1 }];
    const seller = await report(partnerViewer(partnerId, { scopes: ['usage:write'] }), reports);
    expect(seller.outcomes).toMatchObject([{ userErrors: [{ code: 'DEPLOYMENT_NOT_FOUND' }] }]);
    const unscoped = await report(productViewer(subscription.accountId, { scopes: [] }), reports);
    expect(unscoped.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const ours = await report(internalViewer({ scopes: ['usage:write'] }), reports);
    expect(ours.outcomes).toMatchObject([{ featureUse: { used: 1 } }]);
    const named = { scopes: ['usage:write'], deploymentId: randomUUID() };
    const elsewhere = await report(productViewer(subscription.accountId, named), reports);
    expect(elsewhere.outcomes).toMatchObject([{ userErrors: [{ code: 'DEPLOYMENT_NOT_FOUND' }] }]);
    expect((await report(machine, [])).userErrors).toEqual([{ code: 'INVALID_VALUE', field: ['reports'] }]);
    const many = Array.from({ length: 1_001 }, () => ({ deployment, used: 1 }));
    expect((await report(machine, many)).userErrors).toMatchObject([{ code: 'INVALID_VALUE' }]);
  });

  it('gives a retry the first answer, and refuses the key for something else', async () => {
    const { deployment, machine } = await newCustomer();
    const key = randomUUID();
    const first = await report(machine, [{ deployment, used: 3 }], key);
    await report(machine, [{ deployment, used: 7 }]);
    expect((await report(machine, [{ deployment, used: 3 }], key)).outcomes).toEqual(first.outcomes);
    expect((await report(machine, [{ deployment, used: 4 }], key)).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  it('takes as many statements for a hundred as for one', async () => {
    const customers = await Promise.all(Array.from({ length: 20 }, () => newCustomer()));
    const machine = internalViewer({ scopes: ['usage:write'] });
    const one = await report(machine, [{ deployment: customers[0]?.deployment, used: 1 }]);
    const many = await report(
      machine,
      customers.flatMap(({ deployment }) =>
        [0, 1, 2, 3, 4].map((minute) => ({
          deployment,
          used: 10 + minute,
          observedAt: new Date(now.getTime() - minute * 60_000),
        })),
      ),
    );
    expect(many.outcomes).toHaveLength(100);
    expect(many.outcomes?.every(({ featureUse }) => featureUse?.used === 10)).toBe(true);
    expect(many.statements).toHaveLength(one.statements.length);
  });

  it('comes to the same in any order, however often and in however many calls', async () => {
    const observation = fc.record({
      used: fc.nat(5),
      observedAt: fc.nat(4).map((minute) => new Date(now.getTime() - minute * 60_000)),
    });
    const anyHistory = fc
      .array(observation, { minLength: 1, maxLength: 6 })
      .chain((uses) =>
        fc.tuple(
          fc.constant(uses),
          fc.shuffledSubarray([...uses, ...uses], { minLength: uses.length * 2 }),
          fc.integer({ min: 1, max: uses.length }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(anyHistory, async ([uses, shuffled, size]) => {
        const [inOrder, anyhow] = [await newCustomer(), await newCustomer()];
        await report(
          inOrder.machine,
          uses
            .toSorted((one, other) => Number(one.observedAt) - Number(other.observedAt))
            .map((use) => ({ deployment: inOrder.deployment, ...use })),
        );
        for (let from = 0; from < shuffled.length; from += size) {
          const some = shuffled.slice(from, from + size);
          await report(
            anyhow.machine,
            some.map((use) => ({ deployment: anyhow.deployment, ...use })),
          );
        }
        expect(await storageOf(anyhow)).toEqual(await storageOf(inOrder));
      }),
      { numRuns: 6 },
    );
  });
});

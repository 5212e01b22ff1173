import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@fulfillment/schema/events/topics';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import { startSeededSystem } from '../kit/seeded-system.js';

const system = await startSeededSystem(120, { keepAnswers: true });
const other = await system.anotherGateway();
const { accountId } = system.demo.product;
const buyer = { audience: 'product', account: accountId } as const;
const entitlementsOperation = clientOperation('product/Entitlements');

interface Answer {
  entitlements: {
    planCode: string;
    seats: { purchased: number };
    features: { key: string; used?: number; limit?: number | null }[];
    subscription: { id: string } | null;
    upsells: { id: string; listPrice: object | null }[] | null;
  } | null;
  currentAccount: { subscriptions: { nodes: { id: string; quantity: number }[] } | null } | null;
}

const ask = (through: Pick<typeof system, 'graphql'> = system) =>
  through.graphql<Answer>(buyer, entitlementsOperation, {
    deploymentKind: 'SAAS_NAMESPACE',
    externalId,
  });

/** How many statements each service needed for an answer. */
const work = (requestId: string) =>
  Object.fromEntries(
    serviceNames.map((name) => [name, system.statements(name, requestId).length] as const),
  ) as Record<ServiceName, number>;
const noWork = { orders: 0, subscriptions: 0, licenses: 0, partners: 0 };

const patienceMs = 15_000;

async function until<Seen>(look: () => Promise<Seen>, isThere: (seen: Seen) => boolean): Promise<Seen> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (isThere(seen) || performance.now() > deadline) return seen;
    await sleep(20);
  }
}

/** Asks until the whole answer is kept: changes of the seeding may still be told. */
const untilKept = (through: Pick<typeof system, 'graphql'> = system) =>
  until(
    () => ask(through),
    ({ requestId }) => Object.values(work(requestId)).every((count) => count === 0),
  );

/** Orders as the buyer, a few times while the news of an earlier order is under way. */
async function order(action: object): Promise<void> {
  const place = () =>
    system.graphql<{ placeOrder: { userErrors: { code: string }[] } }>(
      buyer,
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code message } } }',
      { input: { idempotencyKey: randomUUID(), actions: [action] } },
    );
  const { data } = await until(
    place,
    (seen) => !/SUBSCRIPTION_NOT_FOUND|UNDER_WAY/.test(JSON.stringify(seen.data)),
  );
  expect(data?.placeOrder.userErrors).toEqual([]);
}

const externalId = `kept-${randomUUID()}`;

async function changeSeats(quantity: number): Promise<void> {
  const subscriptionId = (await ask()).data?.entitlements?.subscription?.id;
  await order({ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity } });
}

const seatsOf = ({ data }: Awaited<ReturnType<typeof ask>>) => data?.entitlements?.seats.purchased;

beforeAll(async () => {
  const deployment = { kind: 'SAAS_NAMESPACE', externalId };
  await order({
    createSubscription: { deployment, planCode: 'PREMIUM', quantity: 10, billingPeriod: 'MONTH' },
  });
  await until(ask, (answer) => seatsOf(answer) === 10);
});

let stopped: ServiceName | null = null;
const stop = async (name: ServiceName) => {
  await system.stopService(name);
  stopped = name;
};
afterEach(async () => {
  if (stopped) await system.startService(stopped);
  stopped = null;
});

describe('what the product asks on every page load', () => {
  it('is answered again without asking any service, with the same answer', async () => {
    const first = await ask();
    expect(first.errors).toEqual([]);
    const kept = await untilKept();
    expect(work(kept.requestId)).toEqual(noWork);
    expect(kept.data).toEqual(first.data);
  });

  it('is another account’s own, whatever was kept before', async () => {
    await untilKept();
    const stranger = { audience: 'product', account: randomUUID() } as const;
    const { data } = await system.graphql<Answer>(stranger, entitlementsOperation, {
      deploymentKind: 'SAAS_NAMESPACE',
      externalId,
    });
    expect(data).toEqual({ entitlements: null, currentAccount: null });
  });

  it('shows what was ordered as soon as it is granted, through every gateway', async () => {
    const before = seatsOf(await untilKept()) ?? 0;
    await untilKept(other);
    await changeSeats(before + 3);
    const seen = await until(ask, (answer) => seatsOf(answer) === before + 3);
    expect(seatsOf(seen)).toBe(before + 3);
    expect(
      seatsOf(
        await until(
          () => ask(other),
          (answer) => seatsOf(answer) === before + 3,
        ),
      ),
    ).toBe(before + 3);
    expect(seen.data?.currentAccount?.subscriptions?.nodes.map(({ quantity }) => quantity)).toContain(
      before + 3,
    );
    const kept = await untilKept();
    expect(seatsOf(kept)).toBe(before + 3);
  });

  it('shows what its machine reports of a limit at once, through every gateway, and the offer that follows from it', async () => {
    await untilKept();
    await untilKept(other);
    const machine = { audience: 'product', account: accountId, scopes: ['usage:write'] } as const;
    const deployment = { kind: 'SAAS_NAMESPACE', externalId };
    const { data } = await system.graphql(machine, clientOperation('product/ReportFeatureUse'), {
      input: {
        idempotencyKey: randomUUID(),
        reports: [{ deployment, featureKey: 'storage_gb', used: 481 }],
      },
    });
    expect(data).toMatchObject({ reportFeatureUse: { outcomes: [{ featureUse: { used: 481 } }] } });
    const storageOf = ({ data: seen }: Awaited<ReturnType<typeof ask>>) =>
      seen?.entitlements?.features.find(({ key }) => key === 'storage_gb');
    for (const through of [system, other]) {
      const seen = await until(
        () => ask(through),
        (answer) => storageOf(answer)?.used === 481,
      );
      expect(storageOf(seen)).toMatchObject({ limit: 500, used: 481 });
      // 602 GB are so many that 481 are 80 per cent of them: 11 packs of 10 more than there are.
      expect(seen.data?.entitlements?.upsells).toMatchObject([
        { reason: 'LIMIT_NEARLY_REACHED', quantity: 11, product: { code: 'STORAGE' } },
      ]);
    }
  });
});

describe('an offer', () => {
  it('that was dismissed is gone from what another gateway keeps', async () => {
    const offerOf = ({ data }: Awaited<ReturnType<typeof ask>>) => data?.entitlements?.upsells?.[0]?.id;
    const offerId = offerOf(await untilKept(other));
    expect(offerId).toBeDefined();
    const { data } = await system.graphql<{ dismissOffer: { dismissedUntil: string | null } }>(
      buyer,
      clientOperation('product/DismissOffer'),
      { offer: { idempotencyKey: randomUUID(), offerId } },
    );
    expect(data?.dismissOffer.dismissedUntil).not.toBeNull();
    const seen = await until(
      () => ask(other),
      (answer) => offerOf(answer) !== offerId,
    );
    expect(seen.data?.entitlements?.upsells).not.toBeNull();
    expect(offerOf(seen)).not.toBe(offerId);
  });
});

describe('who wrote', () => {
  it('is answered by the services at the next read, however much is kept', async () => {
    const before = seatsOf(await untilKept()) ?? 0;
    await changeSeats(before + 1);
    const { requestId } = await ask();
    const { licenses, subscriptions, orders } = work(requestId);
    expect(Math.min(licenses, subscriptions, orders)).toBeGreaterThan(0);
    await until(ask, (answer) => seatsOf(answer) === before + 1);
  });
});

describe('what is public', () => {
  it('is the same for every audience', async () => {
    const document = `{
      products { code name kind description rank minimumQuantity deploymentKinds features { key name kind quantity } }
    }`;
    const tokens = [
      buyer,
      { audience: 'internal' } as const,
      { audience: 'partner', partner: system.demo.partner.partnerId } as const,
    ];
    const answers = await Promise.all(
      tokens.map(async (token) => (await system.graphql(token, document)).data?.['products']),
    );
    expect(answers[0]).not.toHaveLength(0);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe('while a service is down', () => {
  it('entitlements are shown past their time with their age, and nothing stale is kept in a whole answer', async () => {
    const { data } = await untilKept();
    await stop('licenses');
    system.age(90_000);
    const first = await ask();
    expect(first.errors).toEqual([]);
    expect(first.data?.entitlements?.seats).toEqual(data?.entitlements?.seats);
    // Orders is up: its price is of now.
    expect(first.data?.entitlements?.upsells?.[0]?.listPrice).toEqual(
      data?.entitlements?.upsells?.[0]?.listPrice,
    );
    expect(first.extensions['stale']).toEqual([{ service: 'licenses', ageSeconds: expect.any(Number) }]);
    expect((await ask()).extensions['stale']).toHaveLength(1);
  });

  it('entitlements that are too old are not', async () => {
    await untilKept();
    await stop('licenses');
    system.age(3_700_000);
    const { data, errors } = await ask();
    expect(data?.entitlements).toBeNull();
    expect(errors).toMatchObject([{ extensions: { service: 'licenses' } }]);
  });

  it('a price is not, however young', async () => {
    await untilKept();
    await stop('orders');
    system.age(61_000);
    const { data, errors, extensions } = await ask();
    expect(data?.entitlements).toMatchObject({ planCode: expect.any(String), upsells: null });
    expect(errors).toMatchObject([{ extensions: { service: 'orders' } }]);
    expect(extensions['stale']).toBeUndefined();
  });
});

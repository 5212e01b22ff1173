import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { serviceDataSource } from '@fulfillment/kernel/server/service-tables';
import { licensesDefinition } from '@fulfillment/licenses/definition';
import { Progress } from '@fulfillment/local/progress';
import { followRebuild } from '@fulfillment/local/rebuilding/follow-rebuild';
import { createGraphClient } from '@fulfillment/local/rebuilding/graph-client';
import { ordersDefinition } from '@fulfillment/orders/definition';
import { partnersDefinition } from '@fulfillment/partners/definition';
import {
  carriedOut,
  consumers,
  type ServiceName,
  type Topic,
  topics,
} from '@fulfillment/schema/events/topics';
import { subscriptionsDefinition } from '@fulfillment/subscriptions/definition';
import { describe, expect, it } from 'vitest';
import { startSeededSystem } from '../kit/seeded-system.js';
import { allRows } from '../kit/table-rows.js';
import { untilQuiet } from '../kit/until-quiet.js';

// What services do by themselves would change rows between two looks at them.
const system = await startSeededSystem(60, { periodic: false });
const operations = { audience: 'internal' } as const;

const rebuildDocument = `mutation ($input: RebuildProjectionInput!) {
  rebuildProjection(input: $input) { rebuild { id state } userErrors { code field } }
}`;
const progressDocument = `query ($consumer: EventService, $topic: String) {
  projectionRebuilds(consumer: $consumer, topic: $topic) {
    id consumer topic state expected received requestedBy requestedAt finishedAt
  }
}`;

interface Rebuild {
  readonly id: string;
  readonly state: string;
  readonly expected: number | null;
  readonly received: number;
}

async function askRebuild(consumer: ServiceName, topic: string, more: object = {}) {
  const { data, errors } = await system.graphql<{
    rebuildProjection: { rebuild: Rebuild | null; userErrors: { code: string; field: string[] }[] };
  }>(operations, rebuildDocument, {
    input: { idempotencyKey: randomUUID(), consumer: consumer.toUpperCase(), topic, ...more },
  });
  expect(errors).toEqual([]);
  if (!data) throw new Error('No data');
  return data.rebuildProjection;
}

async function rebuildsOf(consumer: ServiceName, topic: string): Promise<readonly Rebuild[]> {
  const { data } = await system.graphql<{ projectionRebuilds: Rebuild[] }>(operations, progressDocument, {
    consumer: consumer.toUpperCase(),
    topic,
  });
  return data?.projectionRebuilds ?? [];
}

/** The rows of a service when nothing is under way that would change them, as what an earlier rebuild brought about. */
async function settledRows(service: ServiceName): Promise<Record<string, string[]>> {
  await untilQuiet(system.databaseUrls);
  return allRows(system.databaseUrls[service]);
}

async function untilDone(consumer: ServiceName, topic: string, id: string): Promise<Rebuild> {
  const find = async () => (await rebuildsOf(consumer, topic)).find((rebuild) => rebuild.id === id);
  await expect.poll(async () => (await find())?.state, { timeout: 20_000 }).toBe('DONE');
  const done = await find();
  if (!done) throw new Error('The rebuild is gone');
  return done;
}

/** Every projection of the system: who keeps it, and of what. */
const projections = (Object.keys(consumers) as Topic[]).flatMap((topic) =>
  consumers[topic]
    .filter((consumer) => !carriedOut[topic]?.includes(consumer))
    .map((consumer) => ({ consumer, topic })),
);

const definitions = {
  orders: ordersDefinition,
  subscriptions: subscriptionsDefinition,
  licenses: licensesDefinition,
  partners: partnersDefinition,
};

/** Loses the projection, as an accident would; the service itself knows nothing of it. */
async function lose(consumer: ServiceName, topic: Topic): Promise<void> {
  const definition: Pick<(typeof definitions)[ServiceName], 'projections'> = definitions[consumer];
  const dataSource = await serviceDataSource(ordersDefinition, system.databaseUrls[consumer]).initialize();
  try {
    await definition.projections[topic]?.(dataSource.manager, topic);
  } finally {
    await dataSource.destroy();
  }
}

/** How many events make up what a service knows of a topic, by the positions that it has come to. */
function eventsBehind(rows: Readonly<Record<string, string[]>>, topic: Topic): number {
  const positions = (rows['inbox_position'] ?? []).filter((row) => row.startsWith(`(${topic},`));
  if (topics[topic].kind === 'SNAPSHOT') return positions.length;
  return positions.reduce((sum, row) => sum + Number(/,(\d+)\)$/.exec(row)?.[1]), 0);
}

describe('a projection that is lost and built again', () => {
  it.each(projections)('comes out the same: $topic in $consumer', async ({ consumer, topic }) => {
    const before = await settledRows(consumer);
    await lose(consumer, topic);
    const lost = await allRows(system.databaseUrls[consumer]);
    expect(isDeepStrictEqual(lost, before)).toBe(eventsBehind(before, topic) === 0);
    const { rebuild } = await askRebuild(consumer, topic);
    const { expected, received } = await untilDone(consumer, topic, rebuild?.id ?? '');
    expect({ expected, received }).toEqual({ expected: received, received: eventsBehind(before, topic) });
    expect(await settledRows(consumer)).toEqual(before);
  });
});

describe('a rebuild', () => {
  it('is refused where nothing is kept that could be built again', async () => {
    for (const [consumer, topic] of [
      ['subscriptions', 'orders.order'],
      ['licenses', 'orders.account'],
      ['orders', 'nobody.nothing'],
    ] as const) {
      expect(await askRebuild(consumer, topic)).toEqual({
        rebuild: null,
        userErrors: [{ code: 'PROJECTION_UNKNOWN', field: ['topic'] }],
      });
    }
  });

  it('is done once for a key, and one at a time unless it is to begin afresh', async () => {
    const topic = 'orders.product';
    await system.stopService('licenses');
    const idempotencyKey = randomUUID();
    const first = await askRebuild('licenses', topic, { idempotencyKey });
    expect(first.rebuild?.state).toBe('REQUESTED');
    expect(await askRebuild('licenses', topic, { idempotencyKey })).toEqual(first);
    expect((await askRebuild('licenses', topic)).userErrors).toMatchObject([{ code: 'REBUILD_UNDER_WAY' }]);
    const afresh = await askRebuild('licenses', topic, { restart: true });
    await system.startService('licenses');
    await untilDone('licenses', topic, afresh.rebuild?.id ?? '');
    const states = (await rebuildsOf('licenses', topic)).map(({ id, state }) => [id, state]);
    expect(states.slice(0, 2)).toEqual([
      [afresh.rebuild?.id, 'DONE'],
      [first.rebuild?.id, 'SUPERSEDED'],
    ]);
  });

  it('shows that it waits for its producer, and goes on after both have stopped in the middle of it', async () => {
    const [consumer, topic] = ['licenses', 'partners.grant'] as const;
    const before = await settledRows(consumer);
    await system.stopService('partners');
    const { rebuild } = await askRebuild(consumer, topic);
    const newest = async () => (await rebuildsOf(consumer, topic))[0];
    await expect.poll(newest).toMatchObject({ state: 'RUNNING', expected: null });
    await system.stopService('licenses');
    await system.startService('partners');
    await system.startService('licenses');
    await untilDone(consumer, topic, rebuild?.id ?? '');
    expect(await settledRows(consumer)).toEqual(before);
  });

  it('is followed by the command of `npm run rebuild`', async () => {
    const written: string[] = [];
    const terminal = { write: (text: string) => written.push(text) > 0 };
    const issueToken = () => system.identity.issueToken(operations);
    await followRebuild(
      createGraphClient(`${system.url}/graphql`, issueToken),
      { consumer: 'orders', topic: 'licenses.deployment', restart: false },
      { progress: new Progress(terminal), signal: new AbortController().signal },
    );
    expect(written.join('')).toMatch(/✓ licenses\.deployment in orders: [1-9]\d* events taken in/);
  });

  it('is nothing for a partner, nor for a colleague without the scope', async () => {
    const variables = {
      input: { idempotencyKey: randomUUID(), consumer: 'LICENSES', topic: 'orders.product' },
    };
    const reader = { audience: 'internal', scopes: ['operations:read'] } as const;
    const denied = await system.graphql(reader, rebuildDocument, variables);
    expect(denied.errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
    const partner = { audience: 'partner', partner: system.demo.partner.partnerId } as const;
    const unknown = await system.graphql(partner, rebuildDocument, variables);
    expect(unknown.errors[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  });
});

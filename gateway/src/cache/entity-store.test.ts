import { once } from 'node:events';
import { pino } from 'pino';
import { connectRedis } from '../redis.js';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { hasRedis, startRedis } from '../../test/kit/redis.js';
import type { StoredAnswer } from './entity-store.js';
import { createMemoryEntityStore } from './memory-entity-store.js';
import { createSharedCache, leaveWhenEvicting, refuseEviction, type SharedCache } from './shared-cache.js';
import { createMemoryWriteFence, mayShow } from './write-fence.js';

const server = hasRedis() ? await startRedis() : undefined;
const url = server?.url ?? '';
const missing = server === undefined;
/** As an administrator of the server. */
const admin = new Redis(url, { lazyConnect: true });
afterAll(async () => {
  admin.disconnect();
  await server?.remove();
});

/** Two gateways that share what they share: in memory, one with itself. */
type OpenPair = () => Promise<readonly [SharedCache, SharedCache]>;

const inMemory: OpenPair = async () => {
  const one = {
    store: createMemoryEntityStore(1_000_000, Date.now),
    fence: createMemoryWriteFence(),
  };
  return [one, one];
};

const clients: Redis[] = [];
const inRedis: OpenPair = async () => {
  const prefix = `test-${Math.random()}:`;
  const connect = async () => {
    const client = connectRedis(url, pino({ level: 'silent' }));
    clients.push(client);
    await once(client, 'ready');
    return createSharedCache(client, prefix);
  };
  return [await connect(), await connect()];
};
afterAll(() => {
  for (const client of clients) client.disconnect();
});

describe.each([
  ['in memory', inMemory, false],
  ['in Redis', inRedis, missing],
])('%s', (_where, open, isMissing) => {
  describe.skipIf(isMissing)('the store and the fence', () => {
    let one: SharedCache;
    let other: SharedCache;
    beforeEach(async () => {
      [one, other] = await open();
    });

    const answer = async (from: SharedCache, value: unknown, tags: string[] = []): Promise<StoredAnswer> => {
      const { epoch, sequence } = await from.fence.moment('nobody');
      const askedAt = Date.now();
      const until = askedAt + 60_000;
      return { value, tags, askedAt, freshUntil: until, staleUntil: until, moment: { epoch, sequence } };
    };

    it('gives back what was put, in the order of the keys', async () => {
      await one.store.set([
        ['a', await answer(one, { name: 'A' })],
        ['b', await answer(one, [1, null, 'ü'])],
      ]);
      const found = await other.store.get(['b', 'nothing', 'a']);
      expect(found.map((entry) => entry?.value)).toEqual([[1, null, 'ü'], undefined, { name: 'A' }]);
    });

    it('forgets what has changed, whoever hears of it', async () => {
      await one.store.set([
        ['a', await answer(one, 'A', ['x'])],
        ['b', await answer(one, 'B', ['y', 'z'])],
      ]);
      await other.store.changed('notice-1', ['z', 'unheard of']);
      const found = await one.store.get(['a', 'b']);
      expect(found.map((entry) => entry?.value)).toEqual(['A', undefined]);
    });

    it('keeps what was read after the change', async () => {
      await one.store.changed('notice-1', ['x']);
      await one.store.set([['a', await answer(one, 'new', ['x'])]]);
      expect((await other.store.get(['a']))[0]?.value).toBe('new');
    });

    it('does not keep past its time', async () => {
      const entry = await answer(one, 'A');
      await one.store.set([['a', { ...entry, freshUntil: Date.now() - 1, staleUntil: Date.now() - 1 }]]);
      expect(await one.store.get(['a'])).toEqual([undefined]);
    });

    it('drops everything', async () => {
      await one.store.set([['a', await answer(one, 'A')]]);
      await other.store.clear();
      const [found] = await one.store.get(['a']);
      expect(found).toBeUndefined();
    });

    it('shows nobody what was read before their own write, and others still', async () => {
      const before = await one.fence.moment('writer');
      await other.fence.wrote('writer');
      expect(mayShow(before, await one.fence.moment('writer'))).toBe(false);
      expect(mayShow(before, await one.fence.moment('reader'))).toBe(true);
      const after = await one.fence.moment('writer');
      expect(mayShow(after, await other.fence.moment('writer'))).toBe(true);
    });

    it('shows nobody anything from before a reset', async () => {
      const before = await one.fence.moment('reader');
      await other.fence.reset();
      expect(mayShow(before, await one.fence.moment('reader'))).toBe(false);
    });
  });
});

it('forgets writers only by taking all of them for writers', async () => {
  const fence = createMemoryWriteFence(2);
  const before = await fence.moment('anybody');
  for (const writer of ['a', 'b', 'c']) await fence.wrote(writer);
  expect(mayShow(before, await fence.moment('a'))).toBe(false);
  expect(mayShow(before, await fence.moment('never wrote'))).toBe(false);
  expect(mayShow(await fence.moment('a'), await fence.moment('a'))).toBe(true);
});

describe.skipIf(missing)('Redis alone', () => {
  it('keeps nothing that was read before a change, however late it is put', async () => {
    const [one, other] = await inRedis();
    const { epoch, sequence } = await one.fence.moment('reader');
    await other.store.changed('notice-1', ['x']);
    const late = { epoch, sequence };
    const times = { askedAt: Date.now(), freshUntil: Date.now() + 60_000, staleUntil: Date.now() + 60_000 };
    await one.store.set([['a', { value: 'old', tags: ['x'], ...times, moment: late }]]);
    expect(await other.store.get(['a'])).toEqual([undefined]);
  });

  it('notes a change once, though each gateway hears of it', async () => {
    const [one, other] = await inRedis();
    await one.store.changed('notice-1', ['x']);
    const { epoch, sequence } = await one.fence.moment('reader');
    const times = { askedAt: Date.now(), freshUntil: Date.now() + 60_000, staleUntil: Date.now() + 60_000 };
    await one.store.set([['a', { value: 'new', tags: ['x'], ...times, moment: { epoch, sequence } }]]);
    await other.store.changed('notice-1', ['x']);
    expect((await one.store.get(['a']))[0]?.value).toBe('new');
  });

  it('takes a server that was emptied for another one', async () => {
    const [one] = await inRedis();
    const before = await one.fence.moment('reader');
    await admin.flushall();
    expect(mayShow(before, await one.fence.moment('reader'))).toBe(false);
  });

  it('asks nobody to trust it while it is away, and is another one when it comes back', async () => {
    const [one] = await inRedis();
    const before = await one.fence.moment('reader');
    await admin.call('CLIENT', 'PAUSE', '600', 'ALL');
    await expect(one.fence.moment('reader')).rejects.toThrow('timed out');
    await expect(one.fence.wrote('reader')).rejects.toThrow('timed out');
    await admin.ping();
    expect(mayShow(before, await one.fence.moment('reader'))).toBe(false);
  });

  it('takes a server that came back with an older state for another one', async () => {
    const crashing = await startRedis();
    const client = connectRedis(crashing.url, pino({ level: 'silent' }));
    clients.push(client);
    await once(client, 'ready');
    const { store, fence } = createSharedCache(client);
    const { epoch, sequence } = await fence.moment('reader');
    const times = { askedAt: Date.now(), freshUntil: Date.now() + 60_000, staleUntil: Date.now() + 60_000 };
    await store.set([['a', { value: 'old', tags: ['x'], ...times, moment: { epoch, sequence } }]]);
    await client.save();
    await store.changed('notice-1', ['x']);
    await crashing.kill();
    await expect.poll(() => client.status).not.toBe('ready');
    await crashing.restart();
    await expect.poll(() => client.status, { timeout: 10_000 }).toBe('ready');
    expect(await client.get('cache:epoch')).toBe(epoch);
    expect(await store.get(['a'])).toEqual([undefined]);
    expect(mayShow({ epoch, sequence }, await fence.moment('reader'))).toBe(false);
    await crashing.remove();
  });

  it('is refused when it may drop keys at will', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', '100mb');
    await expect(refuseEviction(admin)).rejects.toThrow('maxmemory-policy to noeviction');
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await refuseEviction(admin);
  });

  it('is left alone when it comes back and may drop keys at will', async () => {
    const changed = await startRedis();
    const client = new Redis(changed.url, { retryStrategy: () => 50, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    const reasons: string[] = [];
    leaveWhenEvicting(client, ({ message }) => reasons.push(message));
    await expect.poll(() => client.status).toBe('ready');
    await changed.kill();
    await changed.restart('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
    await expect.poll(() => client.status, { timeout: 10_000 }).toBe('end');
    expect(reasons).toEqual([expect.stringContaining('maxmemory-policy to noeviction')]);
    await changed.remove();
  });
});

import { expect, it } from 'vitest';
import { CacheUse, type Holding } from './cache-use.js';
import { ChangeLog } from './change-log.js';
import { createResponseCache } from './response-cache.js';
import type { CacheViewer } from './viewer-scopes.js';
import { createMemoryWriteFence } from './write-fence.js';

function viewer(account: string, person = 'ann', rights = 'read'): CacheViewer {
  return {
    scopes: { ACCOUNT: `${account} ${rights}`, VIEWER: `${account} ${rights} ${person}` },
    tags: [`account:${account}`],
    writer: account,
  };
}

const key = { operation: '{ us { name } }', variables: '{}' };
const body = { body: Buffer.from('{"data":{"us":{"name":"A"}}}'), about: null };
const a = viewer('a');

function world() {
  const time = { now: 1_000_000 };
  const log = new ChangeLog(() => time.now);
  log.connected();
  const fence = createMemoryWriteFence();
  const counted = { hit: 0, miss: 0 };
  const cache = createResponseCache<null>({
    maximumBytes: 1_000_000,
    log,
    fence,
    counters: { entities: () => undefined, responses: (outcome) => (counted[outcome] += 1) },
    now: () => time.now,
    onFailure: (error) => {
      throw error;
    },
  });
  const used = async (part: Partial<Holding> = {}) => {
    const use = new CacheUse();
    use.holds({
      tags: ['shop/thing'],
      freshUntil: time.now + 60_000,
      perViewer: false,
      moment: await fence.moment('a'),
      changes: log.sequence,
      ...part,
    });
    return use;
  };
  const find = async (by: CacheViewer, asked = key) => (await cache.find(asked, by))?.body.toString();
  return { time, log, fence, cache, counted, used, find };
}

const text = body.body.toString();

it('gives the same bytes for the same operation, variables and rights', async () => {
  const { cache, used, find, counted } = world();
  cache.store(key, a, await used(), body);
  expect(await find(a)).toBe(text);
  expect(await find(viewer('a', 'bob'))).toBe(text);
  expect(await find(viewer('b'))).toBeUndefined();
  expect(await find(viewer('a', 'ann', 'write'))).toBeUndefined();
  expect(await find(a, { ...key, variables: '{"n":1}' })).toBeUndefined();
  expect(await find(a, { ...key, operation: '{ us { id } }' })).toBeUndefined();
  expect(counted).toEqual({ hit: 2, miss: 4 });
});

it('keeps what is one person’s for that one', async () => {
  const { cache, used, find } = world();
  cache.store(key, a, await used({ perViewer: true }), body);
  expect(await find(a)).toBe(text);
  expect(await find(viewer('a', 'bob'))).toBeUndefined();
});

it('holds as long as its shortest part', async () => {
  const { cache, used, find, time } = world();
  const use = await used();
  use.holds({ ...(use.whole as Holding), freshUntil: time.now + 5_000 });
  cache.store(key, a, use, body);
  time.now += 4_999;
  expect(await find(a)).toBe(text);
  time.now += 1;
  expect(await find(a)).toBeUndefined();
});

it.each([
  ['that nobody knows all of', (use: CacheUse) => use.unknown()],
  ['with a stale part', (use: CacheUse) => use.isStale('shop', 5_000)],
  ['to a write', (use: CacheUse) => use.writes()],
])('does not keep an answer %s', async (_why, spoil) => {
  const { cache, used, find } = world();
  const use = await used();
  spoil(use);
  cache.store(key, a, use, body);
  expect(await find(a)).toBeUndefined();
});

it('does not keep what asked no service, for nobody says how long that holds', async () => {
  const { cache, find } = world();
  cache.store(key, a, new CacheUse(), body);
  expect(await find(a)).toBeUndefined();
});

it('does not keep what changed while it was made, by its oldest part', async () => {
  const { cache, used, find, log } = world();
  const use = await used();
  log.changed(['shop/thing']);
  use.holds((await used({ tags: ['shop/other'] })).whole as Holding);
  cache.store(key, a, use, body);
  expect(await find(a)).toBeUndefined();
});

it('drops what has changed, and everything when changes are no longer heard of', async () => {
  const { cache, used, find, log } = world();
  cache.store(key, a, await used(), body);
  cache.dropTagged(['shop/other']);
  expect(await find(a)).toBe(text);
  cache.dropTagged(['shop/thing']);
  expect(await find(a)).toBeUndefined();
  cache.store(key, a, await used(), body);
  log.lost();
  expect(await find(a)).toBeUndefined();
});

it('never shows who wrote what was read before, though others see it', async () => {
  const { cache, used, find, fence } = world();
  cache.store(key, a, await used(), body);
  await fence.wrote('b');
  expect(await find(a)).toBe(text);
  await fence.wrote('a');
  expect(await find(a)).toBeUndefined();
  cache.store(key, a, await used(), body);
  expect(await find(a)).toBe(text);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TaggedCache } from './tagged-cache.js';

it('drops what has any of the tags, and nothing else', () => {
  const cache = new TaggedCache<{ name: string }>(100_000);
  cache.set('1', { name: 'one' }, ['a', 'b'], 10);
  cache.set('2', { name: 'two' }, ['b'], 10);
  cache.set('3', { name: 'three' }, ['c'], 10);
  cache.dropTagged(['b', 'unheard of']);
  expect([cache.get('1'), cache.get('2'), cache.get('3')?.name]).toEqual([undefined, undefined, 'three']);
});

it('stays within its bytes, and keeps nothing that is larger than itself', () => {
  const cache = new TaggedCache<object>(10_000);
  for (let key = 0; key < 100; key += 1) cache.set(String(key), {}, ['all'], 500);
  expect(cache.size).toBeLessThanOrEqual(10);
  expect(cache.get('99')).toBeDefined();
  cache.set('huge', {}, ['all'], 20_000);
  expect(cache.get('huge')).toBeUndefined();
  cache.dropTagged(['all']);
  expect(cache.size).toBe(0);
});

it('finds after any history what was put last under a key and not dropped since', () => {
  const tag = fc.constantFrom('a', 'b', 'c');
  const key = fc.constantFrom('1', '2', '3');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), key, tags: fc.array(tag) }),
    fc.record({ kind: fc.constant('drop' as const), tag }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const cache = new TaggedCache<{ at: number }>(1_000_000);
      const model = new Map<string, { at: number; tags: string[] }>();
      for (const [at, one] of steps.entries()) {
        if (one.kind === 'set') {
          cache.set(one.key, { at }, one.tags, 1);
          model.set(one.key, { at, tags: one.tags });
        } else {
          cache.dropTagged([one.tag]);
          for (const [name, { tags }] of model) if (tags.includes(one.tag)) model.delete(name);
        }
      }
      for (const name of ['1', '2', '3']) expect(cache.get(name)?.at).toBe(model.get(name)?.at);
    }),
  );
});

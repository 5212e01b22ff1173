import type { EntityStore, StoredAnswer } from './entity-store.js';
import { TaggedCache } from './tagged-cache.js';

/** Keeps answers in this process, up to so many bytes. */
export function createMemoryEntityStore(maximumBytes: number, now: () => number): EntityStore {
  const cache = new TaggedCache<StoredAnswer>(maximumBytes);
  return {
    get: async (keys) =>
      keys.map((key) => {
        const found = cache.get(key);
        return found !== undefined && found.staleUntil > now() ? found : undefined;
      }),
    set: async (entries) => {
      for (const [key, answer] of entries) {
        cache.set(key, answer, answer.tags, JSON.stringify(answer.value).length);
      }
    },
    changed: async (_id, tags) => cache.dropTagged(tags),
    clear: async () => cache.clear(),
  };
}

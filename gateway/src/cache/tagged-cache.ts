import { LRUCache } from 'lru-cache';

interface Tagged<Value> {
  readonly value: Value;
  readonly tags: readonly string[];
}

/** What each entry costs beside its own bytes: its key, its place in the lists, its tags. */
const overheadBytes = 500;

/** Values in memory, bounded by bytes, the least recently used going first; each can be dropped by any of its tags. */
export class TaggedCache<Value extends object> {
  readonly #entries: LRUCache<string, Tagged<Value>>;
  readonly #keysOfTag = new Map<string, Set<string>>();

  constructor(maximumBytes: number) {
    this.#entries = new LRUCache({
      maxSize: Math.max(1, maximumBytes),
      dispose: ({ tags }, key) => this.#unlink(key, tags),
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /** @param bytes about how large the value is; one that is larger than the whole cache is not kept */
  set(key: string, value: Value, tags: readonly string[], bytes: number): void {
    this.#entries.delete(key);
    const size = bytes + key.length + overheadBytes;
    this.#entries.set(key, { value, tags }, { size });
    if (this.#entries.has(key)) this.#link(key, tags);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  dropTagged(tags: readonly string[]): void {
    for (const tag of tags) {
      for (const key of this.#keysOfTag.get(tag) ?? []) this.#entries.delete(key);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#keysOfTag.clear();
  }

  #link(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keysOfTag.get(tag);
      if (keys === undefined) this.#keysOfTag.set(tag, new Set([key]));
      else keys.add(key);
    }
  }

  #unlink(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keysOfTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysOfTag.delete(tag);
    }
  }
}

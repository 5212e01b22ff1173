import type { CacheUse } from './cache-use.js';
import type { ChangeLog } from './change-log.js';
import type { CacheCounters } from './counters.js';
import type { ReadMoment } from './entity-store.js';
import { TaggedCache } from './tagged-cache.js';
import type { CacheViewer } from './viewer-scopes.js';
import { mayShow, type WriteFence } from './write-fence.js';

/** A whole answer as it was sent, and what is to be known of it when it is sent again. */
export interface CachedResponse<About> {
  readonly body: Buffer;
  readonly about: About;
}

interface StoredResponse<About> extends CachedResponse<About> {
  readonly freshUntil: number;
  readonly moment: ReadMoment;
}

/** What is asked: the operation (its text and name, and what else makes it another one) and its variables, as texts. */
export interface ResponseKey {
  readonly operation: string;
  readonly variables: string;
}

/** Whole answers, as bytes, in front of execution. They are kept in this process alone. */
export interface ResponseCache<About> {
  /** The answer to this viewer, when there is one that holds. */
  find(key: ResponseKey, viewer: CacheViewer): Promise<CachedResponse<About> | undefined>;
  /** Keeps an answer without errors, as long as all of its parts hold. */
  store(key: ResponseKey, viewer: CacheViewer, use: CacheUse, response: CachedResponse<About>): void;
  dropTagged(tags: readonly string[]): void;
  clear(): void;
}

export interface ResponseCacheOptions {
  readonly maximumBytes: number;
  readonly log: ChangeLog;
  readonly fence: WriteFence;
  readonly counters: CacheCounters;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** Keeps whole answers in this process, up to a number of bytes; the least recently used goes first. */
export function createResponseCache<About>(options: ResponseCacheOptions): ResponseCache<About> {
  const { log, fence, counters, now, onFailure } = options;
  const cache = new TaggedCache<StoredResponse<About>>(options.maximumBytes);

  /** What only one person gets lies under another key than what all of an account get; nothing is wider than an account. */
  const holding = (key: ResponseKey, viewer: CacheViewer): StoredResponse<About> | undefined => {
    const found = cache.get(keyOf(key, viewer.scopes.ACCOUNT)) ?? cache.get(keyOf(key, viewer.scopes.VIEWER));
    return found !== undefined && found.freshUntil > now() ? found : undefined;
  };

  return {
    async find(key, viewer) {
      const found = log.live ? holding(key, viewer) : undefined;
      const shown = found && (await isFor(found, viewer, fence, onFailure)) ? found : undefined;
      counters.responses(shown === undefined ? 'miss' : 'hit');
      return shown;
    },
    store(key, viewer, use, { body, about }) {
      const { whole } = use;
      if (whole === null || whole.freshUntil <= now() || log.changedSince(whole.tags, whole.changes)) return;
      const scope = whole.perViewer ? viewer.scopes.VIEWER : viewer.scopes.ACCOUNT;
      const { freshUntil, moment, tags } = whole;
      cache.set(keyOf(key, scope), { body, about, freshUntil, moment }, tags, body.length);
    },
    dropTagged: (tags) => cache.dropTagged(tags),
    clear: () => cache.clear(),
  };
}

async function isFor(
  found: { readonly moment: ReadMoment },
  viewer: CacheViewer,
  fence: WriteFence,
  onFailure: (error: unknown) => void,
): Promise<boolean> {
  try {
    return mayShow(found.moment, await fence.moment(viewer.writer));
  } catch (error) {
    onFailure(error);
    return false;
  }
}

function keyOf({ operation, variables }: ResponseKey, scope: string): string {
  return `${operation}\n${scope}\n${variables}`;
}

import type { CacheHints } from '@fulfillment/schema/audience';
import type { Redis } from 'ioredis';
import type { SubgraphFetch } from '../execution/subgraph-fetch.js';
import { listenForChanges, type ChangeReceiver } from './change-listener.js';
import { ChangeLog } from './change-log.js';
import { noCounters, type CacheCounters } from './counters.js';
import { cachingEntities, type CachingContext } from './entity-cache.js';
import { serviceTag } from './freshness.js';
import { createMemoryEntityStore } from './memory-entity-store.js';
import { createSharedCache, type SharedCache } from './shared-cache.js';
import { createResponseCache, type ResponseCache } from './response-cache.js';
import { momentOf, sharingGroup } from './viewer-moment.js';
import { createMemoryWriteFence } from './write-fence.js';

export interface CachingOptions {
  /** The bus's database, by a role that may connect to it and nothing else. Without it nothing is kept at all. */
  readonly changesUrl?: string | undefined;
  /** A Redis that the gateways share. Without it each keeps answers of services in its own memory. */
  readonly redis?: Redis | undefined;
  /** How much memory whole answers may take, and as much again answers of services unless Redis keeps them. */
  readonly maximumBytes: number;
  readonly counters?: CacheCounters;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of what happens to the connections, for the log. */
  readonly report: (message: string, error?: unknown) => void;
}

/** All that the gateway keeps; `About` is what is to be known of a whole answer when it is sent again. */
export interface Caching<About> {
  /** Surrounds the way to services of one supergraph. */
  entities<Context extends CachingContext>(
    fetch: SubgraphFetch<Context>,
    hints: CacheHints,
  ): SubgraphFetch<Context>;
  readonly responses: ResponseCache<About>;
  /** Only requests of one group may be answered together: whoever wrote, through whichever gateway, is in another one then. */
  sharingGroup(context: CachingContext): Promise<string>;
  /** Called at each change, and whenever changes are no longer, or again, heard of. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/**
 * Connects what keeps answers to what tells of changes. It fails closed: while changes are not heard of nothing is kept, and
 * what was kept before is dropped.
 */
export function createCaching<About>(options: CachingOptions): Caching<About> {
  const { maximumBytes, report, counters = noCounters, now = Date.now } = options;
  const onFailure = seldom(now, (error) => report('What is kept could not be reached', error));
  const log = new ChangeLog(now);
  const { store, fence } = openStore(options, now);
  const responses = createResponseCache<About>({ maximumBytes, log, fence, counters, now, onFailure });

  const listeners: (() => void)[] = [];
  const tellListeners = () => {
    for (const listener of listeners) listener();
  };
  let isTold = false;
  const dropAll = () => {
    tellListeners();
    responses.clear();
    Promise.all([store.clear(), fence.reset()]).catch(onFailure);
  };
  const receiver: ChangeReceiver = {
    connected() {
      dropAll();
      log.connected();
      isTold = false;
      report('Changes are heard of: answers are kept');
    },
    changed({ service, id, tags }) {
      const own = tags.map((tag) => serviceTag(service, tag));
      log.changed(own);
      responses.dropTagged(own);
      tellListeners();
      store.changed(id, own).catch(onFailure);
    },
    lost(reason) {
      const was = log.live;
      log.lost();
      if (was) dropAll();
      if (!isTold) report('Changes are not heard of: nothing is kept', reason);
      isTold = true;
    },
  };
  const listener =
    options.changesUrl === undefined ? undefined : listenForChanges({ url: options.changesUrl, receiver });
  return {
    entities: (fetch, hints) =>
      cachingEntities(fetch, { hints, store, log, fence, counters, now, onFailure }),
    responses,
    sharingGroup: async (context) => sharingGroup(await momentOf(context, { fence, onFailure })),
    onChange: (listener) => void listeners.push(listener),
    close: async () => listener?.stop(),
  };
}

/** Every request meets the same failure: it is told of at most every ten seconds. */
function seldom(now: () => number, tell: (error: unknown) => void): (error: unknown) => void {
  let last = -Infinity;
  return (error) => {
    if (now() - last < 10_000) return;
    last = now();
    tell(error);
  };
}

function openStore({ redis, maximumBytes }: CachingOptions, now: () => number): SharedCache {
  if (redis !== undefined) return createSharedCache(redis);
  return { store: createMemoryEntityStore(maximumBytes, now), fence: createMemoryWriteFence() };
}

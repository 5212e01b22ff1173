import type { CacheHints } from '@fulfillment/schema/audience';
import { LRUCache } from 'lru-cache';
import type { SubgraphAnswer, SubgraphFetch, SubgraphRequest } from '../execution/subgraph-fetch.js';
import type { FetchNode } from '../planning/query-plan.js';
import type { CacheUse } from './cache-use.js';
import { CachedRead } from './cached-read.js';
import type { ChangeLog } from './change-log.js';
import type { CacheCounters } from './counters.js';
import { coverageOf, type Coverage } from './coverage.js';
import type { EntityStore } from './entity-store.js';
import type { CacheViewer } from './viewer-scopes.js';
import { momentOf, sharingGroup } from './viewer-moment.js';
import type { ViewerMoment, WriteFence } from './write-fence.js';

/** What caching needs of a client's request. */
export interface CachingContext {
  readonly cacheViewer: CacheViewer;
  readonly cacheUse: CacheUse;
}

export interface EntityCacheOptions {
  readonly hints: CacheHints;
  readonly store: EntityStore;
  readonly log: ChangeLog;
  readonly fence: WriteFence;
  readonly counters: CacheCounters;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when the store or the fence cannot be reached: then services are asked. */
  readonly onFailure: (error: unknown) => void;
}

/** Operations whose coverage is remembered. */
const rememberedOperations = 10_000;

/**
 * Takes from the store what it has of an answer, asks the service for the rest alone, and keeps that when the service says
 * how long it holds. An answer with errors is never kept. While the service is down, what may be shown stale takes its place.
 */
export function cachingEntities<Context extends CachingContext>(
  fetch: SubgraphFetch<Context>,
  options: EntityCacheOptions,
): SubgraphFetch<Context> {
  const coverage = rememberCoverage(options.hints);
  const read = (request: SubgraphRequest, context: Context, moment: ViewerMoment | null) => {
    const { cacheUse } = context;
    const covered = cacheUse.wrote || !options.log.live ? null : coverage(request.fetch);
    if (covered !== null && moment !== null) {
      return new CachedRead(fetch, request, context, { ...options, covered, moment }).answer();
    }
    cacheUse.unknown();
    options.counters.entities(request.fetch.serviceName, 'bypass', request.representations?.length ?? 1);
    const sharing = { group: sharingGroup(moment), begun: undefined };
    const { fetch: node, variables, representations, alone } = request;
    if (representations === undefined) return fetch({ fetch: node, variables, sharing }, context);
    return fetch({ fetch: node, variables, representations, alone: alone === true, sharing }, context);
  };
  return (request, context) => {
    if (request.fetch.operationKind !== 'query') return writing(fetch, request, context, options);
    const { wrote, moment } = context.cacheUse;
    if (wrote) return read(request, context, null);
    if (moment !== undefined) return read(request, context, moment);
    return momentOf(context, options).then((found) => read(request, context, found));
  };
}

async function writing<Context extends CachingContext>(
  fetch: SubgraphFetch<Context>,
  request: SubgraphRequest,
  context: Context,
  { fence, onFailure }: EntityCacheOptions,
): Promise<SubgraphAnswer> {
  context.cacheUse.writes();
  try {
    return await fetch(request, context);
  } finally {
    // Whatever came of it: a write without an answer may have been done.
    await fence.wrote(context.cacheViewer.writer).catch(onFailure);
  }
}

function rememberCoverage(hints: CacheHints): (fetch: FetchNode) => Coverage | null {
  const remembered = new LRUCache<string, { readonly coverage: Coverage | null }>({
    max: rememberedOperations,
  });
  return ({ operation }) => {
    const known = remembered.get(operation);
    if (known !== undefined) return known.coverage;
    const coverage = coverageOf(operation, hints);
    remembered.set(operation, { coverage });
    return coverage;
  };
}

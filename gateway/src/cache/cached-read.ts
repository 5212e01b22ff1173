import type { SubgraphAnswer, SubgraphFetch, SubgraphRequest } from '../execution/subgraph-fetch.js';
import type { CachingContext, EntityCacheOptions } from './entity-cache.js';
import type { Coverage } from './coverage.js';
import type { ReadMoment, StoredAnswer } from './entity-store.js';
import { readFreshness, serviceTag } from './freshness.js';
import { keysOf } from './keys.js';
import { atPlaces, entitiesOf, isDown } from './partial-answer.js';
import { sharingGroup } from './viewer-moment.js';
import { mayShow, type ViewerMoment } from './write-fence.js';

/** What a read is done with, beside what it asks. */
export interface ReadOptions extends EntityCacheOptions {
  readonly covered: Coverage;
  /** When the viewer's request came to this read. */
  readonly moment: ViewerMoment;
}

/** When a read was really sent: whoever joins it while it is under way learns it from the answer. */
interface ReadStart {
  readonly askedAt: number;
  readonly moment: ReadMoment;
  readonly changes: number;
}

type Found = readonly (StoredAnswer | undefined)[];

/** One read of a client's request, which may be answered from the store in whole or in part. */
export class CachedRead<Context extends CachingContext> {
  readonly #keys: readonly string[];
  readonly #start: ReadStart;

  constructor(
    private readonly fetch: SubgraphFetch<Context>,
    private readonly request: SubgraphRequest,
    private readonly context: Context,
    private readonly options: ReadOptions,
  ) {
    const { covered, moment, now, log } = options;
    this.#keys = keysOf(request, covered, context.cacheViewer);
    this.#start = {
      askedAt: now(),
      moment: { epoch: moment.epoch, sequence: moment.sequence },
      changes: log.sequence,
    };
  }

  async answer(): Promise<SubgraphAnswer> {
    const stored = await this.#stored();
    const missing = stored.flatMap((found, place) => (this.#isFresh(found) ? [] : [place]));
    this.#count('hit', stored.length - missing.length);
    if (missing.length === 0) return this.#assemble(stored);
    const answer = await this.fetch(this.#requestFor(missing), this.context);
    if (isDown(answer)) return this.#withoutService(stored, missing, answer);
    this.#count('miss', missing.length);
    const values = this.#valuesOf(answer, missing);
    if (answer.errors !== undefined || values === null) {
      this.context.cacheUse.unknown();
      return this.#withErrors(stored, missing, answer, values);
    }
    this.#keep(answer, values);
    return this.#assemble(stored, values);
  }

  async #stored(): Promise<Found> {
    try {
      const found = await this.options.store.get(this.#keys);
      return found.map((one) => (one && mayShow(one.moment, this.options.moment) ? one : undefined));
    } catch (error) {
      this.options.onFailure(error);
      return this.#keys.map(() => undefined);
    }
  }

  #isFresh(found: StoredAnswer | undefined): boolean {
    return found !== undefined && found.freshUntil > this.#start.askedAt;
  }

  #requestFor(missing: readonly number[]): SubgraphRequest {
    const { representations } = this.request;
    const { moment, covered } = this.options;
    // What is kept for everybody is not asked for together with what is kept for some: it would hold as short.
    const group = `${sharingGroup(moment)} ${this.#start.changes} ${covered.scope}`;
    const sharing = { group, begun: this.#start };
    if (representations === undefined || missing.length === representations.length) {
      return { ...this.request, sharing };
    }
    const wanted = new Set(missing);
    return {
      ...this.request,
      sharing,
      representations: representations.filter((_, place) => wanted.has(place)),
    };
  }

  /** What the service answered, by place; null when there is nothing. */
  #valuesOf({ data }: SubgraphAnswer, missing: readonly number[]): ReadonlyMap<number, unknown> | null {
    if (data === undefined || data === null) return null;
    if (this.request.representations === undefined) return new Map([[0, data]]);
    const entities = entitiesOf(data);
    return entities && new Map(missing.map((place, index) => [place, entities[index]]));
  }

  /** What was kept, noting how long it holds, and what came, together. */
  #assemble(stored: Found, values: ReadonlyMap<number, unknown> = new Map()): SubgraphAnswer {
    const all = stored.map((found, place) => {
      if (values.has(place)) return values.get(place);
      if (found === undefined) return null;
      const { tags, freshUntil, moment } = found;
      // It was checked against every change until now.
      this.context.cacheUse.holds({ ...this.#scope, tags, freshUntil, moment, changes: this.#start.changes });
      return found.value;
    });
    if (this.request.representations !== undefined) return { data: { _entities: all } };
    return { data: all[0] as SubgraphAnswer['data'] & object };
  }

  #withErrors(
    stored: Found,
    missing: readonly number[],
    answer: SubgraphAnswer,
    values: ReadonlyMap<number, unknown> | null,
  ): SubgraphAnswer {
    const { representations } = this.request;
    if (representations === undefined || missing.length === representations.length) return answer;
    const errors = atPlaces(answer.errors ?? [], missing);
    return { ...this.#assemble(stored, values ?? new Map()), errors };
  }

  #keep(answer: SubgraphAnswer, values: ReadonlyMap<number, unknown>): void {
    const { cacheUse } = this.context;
    const told = readFreshness(answer);
    if (told === undefined || ![...values.values()].every((value) => this.#isWhole(value)))
      cacheUse.unknown();
    if (told === undefined) return;
    const { covered, log, store, now, onFailure } = this.options;
    // Of a read that was joined, what counts is when it began.
    const { askedAt, moment, changes } = (answer.begun as ReadStart | undefined) ?? this.#start;
    const tags = this.#tags(told.dependsOn);
    const freshUntil = askedAt + Math.min(told.holdsForMs, covered.maxAge * 1000);
    cacheUse.holds({ ...this.#scope, tags, freshUntil, moment, changes });
    if (freshUntil <= now() || log.changedSince(tags, changes)) return;
    const staleUntil = freshUntil + covered.staleIfDown * 1000;
    const entries = [...values].flatMap(([place, value]) => {
      const key = this.#keys[place];
      if (key === undefined || !this.#isWhole(value)) return [];
      return [[key, { value, tags, askedAt, freshUntil, staleUntil, moment }] as const];
    });
    if (entries.length > 0) store.set(entries).catch(onFailure);
  }

  #tags(told: readonly string[]): string[] {
    const own = this.options.covered.scope === 'PUBLIC' ? [] : this.context.cacheViewer.tags;
    return [...new Set([...own, ...told])].map((tag) => serviceTag(this.request.fetch.serviceName, tag));
  }

  /** The service is down: what is missing is shown stale where that is allowed, else it is null beside the error. */
  #withoutService(stored: Found, missing: readonly number[], failure: SubgraphAnswer): SubgraphAnswer {
    const { cacheUse } = this.context;
    cacheUse.unknown();
    const stale = missing.flatMap((place) => stored[place] ?? []);
    this.#count('stale', stale.length);
    this.#count('miss', missing.length - stale.length);
    for (const { askedAt } of stale) {
      cacheUse.isStale(this.request.fetch.serviceName, this.#start.askedAt - askedAt);
    }
    if (stale.length === missing.length) return this.#assemble(stored);
    const isEmpty = stored.every((found) => found === undefined);
    return isEmpty ? failure : { ...failure, ...this.#assemble(stored) };
  }

  /**
   * True when an entity is there, and of root fields every one. What is not there may come to be by a change that nobody can
   * tie to it, so its absence is not kept.
   */
  #isWhole(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    return (
      this.request.representations !== undefined || Object.values(value).every((field) => field !== null)
    );
  }

  get #scope() {
    return { perViewer: this.options.covered.scope === 'VIEWER' };
  }

  #count(outcome: 'hit' | 'miss' | 'stale', count: number): void {
    if (count > 0) this.options.counters.entities(this.request.fetch.serviceName, outcome, count);
  }
}

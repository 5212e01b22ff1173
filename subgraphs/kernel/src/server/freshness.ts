import type { CacheTag } from '@fulfillment/schema/events/cache-tags';

/** What the loaders and resolvers of a request tell of how long its answer holds. */
export interface Freshness {
  /** The answer shows something of these, and no longer holds once one of their events comes. */
  dependsOn(...tags: readonly CacheTag[]): void;
  /**
   * The answer changes by itself at an instant; null when it does not.
   * @param now the present instant by the same clock: of the account whose facts these are
   */
  holdsUntil(instant: Date | null, now: Date): void;
}

/** How long an answer holds, as it is told to the gateway in `extensions.freshness`. */
export interface FreshnessAnswer {
  /** From when the request was sent; null when no clock ends it. */
  readonly holdsForMs: number | null;
  readonly dependsOn: readonly CacheTag[];
}

/** An account that is further than this from the system's time lives on a test clock. */
const testClockDistance = 10_000;
/** So soon every process of a service has heard that a test clock has moved (see `clock.ts`). */
const testClockHeard = 1_000;

/** Gathers what is told in one request. */
export class RequestFreshness implements Freshness {
  readonly #tags = new Set<CacheTag>();
  #left = Infinity;

  /**
   * @param receivedAt the present instant of the system
   * @param nextGrant when the next grant of anybody begins or ends; null when none does
   */
  constructor(
    private readonly receivedAt: Date,
    private readonly nextGrant: Date | null,
  ) {}

  dependsOn(...tags: readonly CacheTag[]): void {
    for (const tag of tags) this.#tags.add(tag);
  }

  holdsUntil(instant: Date | null, now: Date): void {
    if (instant !== null) this.#atMost(instant.getTime() - now.getTime());
    if (Math.abs(now.getTime() - this.receivedAt.getTime()) > testClockDistance) this.#atMost(testClockHeard);
  }

  /** Null when nobody told anything: then nobody knows how long it holds. */
  answer(): FreshnessAnswer | null {
    if (this.#tags.size === 0) return null;
    const grants = this.nextGrant === null ? Infinity : this.nextGrant.getTime() - this.receivedAt.getTime();
    const left = Math.max(0, Math.min(this.#left, grants));
    return { holdsForMs: left === Infinity ? null : left, dependsOn: [...this.#tags] };
  }

  #atMost(milliseconds: number): void {
    this.#left = Math.min(this.#left, milliseconds);
  }
}

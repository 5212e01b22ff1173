import type { ReadMoment } from './entity-store.js';
import type { ViewerMoment } from './write-fence.js';

/** A part of an answer that is older than it should be, because its service is down. */
export interface StalePart {
  readonly service: string;
  /** How old it is, in whole seconds. */
  readonly ageSeconds: number;
}

/** How long a part of an answer, or the whole, holds. */
export interface Holding {
  readonly tags: readonly string[];
  /** Milliseconds since 1970. */
  readonly freshUntil: number;
  /** True when it is one person's, false when everybody of the account with equal rights gets the same. */
  readonly perViewer: boolean;
  /** When its oldest part was read, by the order of writes. */
  readonly moment: ReadMoment;
  /** How many changes had been heard of when its oldest part was read, or checked against them. */
  readonly changes: number;
}

const noStaleParts: readonly StalePart[] = [];

/** What one request of a client learns of how long its answer holds. */
export class CacheUse {
  /** Undefined while there is none: most requests keep nothing. */
  #tags: Set<string> | undefined;
  #stale: Map<string, number> | undefined;
  #whole: Holding | null = null;
  #known = true;
  #wrote = false;
  #begun: Promise<ViewerMoment> | undefined;
  #moment: ViewerMoment | undefined;

  /** When the request came to its first read: all of its reads count from there. */
  begun(look: () => Promise<ViewerMoment>): Promise<ViewerMoment> {
    this.#begun ??= look().then((moment) => (this.#moment = moment));
    return this.#begun;
  }

  /** What `begun` found; undefined while it is not known. */
  get moment(): ViewerMoment | undefined {
    return this.#moment;
  }

  /** Something was asked of which nobody knows how long it holds: the answer as a whole is not kept. */
  unknown(): void {
    this.#known = false;
  }

  /** The request writes: what it reads afterwards it reads from services. */
  writes(): void {
    this.#wrote = true;
    this.#known = false;
  }

  get wrote(): boolean {
    return this.#wrote;
  }

  holds(part: Holding): void {
    this.#tags ??= new Set();
    for (const tag of part.tags) this.#tags.add(tag);
    if (this.#whole !== null && this.#whole.moment.epoch !== part.moment.epoch) this.#known = false;
    this.#whole = this.#whole === null ? part : both(this.#whole, part);
  }

  /** What another request learned, with whose answer this one is answered. */
  adopt(other: CacheUse): void {
    if (!other.#known) this.#known = false;
    if (other.#whole !== null) this.holds({ ...other.#whole, tags: [...(other.#tags ?? [])] });
    for (const [service, ageMs] of other.#stale ?? []) this.isStale(service, ageMs);
  }

  isStale(service: string, ageMs: number): void {
    this.#known = false;
    this.#stale ??= new Map();
    this.#stale.set(service, Math.max(ageMs, this.#stale.get(service) ?? 0));
  }

  /** Each service once, with its oldest part. */
  get stale(): readonly StalePart[] {
    if (this.#stale === undefined) return noStaleParts;
    return [...this.#stale].map(([service, ageMs]) => ({ service, ageSeconds: Math.ceil(ageMs / 1000) }));
  }

  /** How long the whole answer holds; null when that is not known, or no service was asked. */
  get whole(): Holding | null {
    return this.#known && this.#whole !== null ? { ...this.#whole, tags: [...(this.#tags ?? [])] } : null;
  }
}

function both(left: Holding, right: Holding): Holding {
  return {
    tags: [],
    freshUntil: Math.min(left.freshUntil, right.freshUntil),
    perViewer: left.perViewer || right.perViewer,
    moment: left.moment.sequence <= right.moment.sequence ? left.moment : right.moment,
    changes: Math.min(left.changes, right.changes),
  };
}

import { randomUUID } from 'node:crypto';
import { cacheTagsOf, type CacheTag, type ChangeNotice } from '@fulfillment/schema/events/cache-tags';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { ServiceName, Topic } from '@fulfillment/schema/events/topics';
import type { Bus } from '../bus/bus.js';
import type { PayloadOf } from './outbox.js';

/** An event that changed something in this service's database, by being told or by being taken in. */
export type ChangingEvent = {
  readonly [T in Topic]: { readonly id: string; readonly topic: T; readonly payload: PayloadOf<T> };
}[Topic];

/** An event from the bus or the outbox: it was held to its contract when it was promised. */
export function asChange({ id, topic, payload }: EventEnvelope): ChangingEvent {
  return { id, topic, payload } as ChangingEvent;
}

/** Tells those who keep this service's answers what no longer holds. */
export interface Changes {
  /**
   * Tells of events that have just committed; resolves when the bus has broadcast it. What comes while a statement is
   * under way goes out together with the next one.
   */
  tell(events: readonly ChangingEvent[]): Promise<void>;
  /** As `tell`, for who waits for nothing: within 20 ms, together with all that comes until then. */
  tellSoon(events: readonly ChangingEvent[]): Promise<void>;
  /** Tells of those events that this process has not told of: a crash, or another process, came in between. */
  tellUntold(events: readonly ChangingEvent[]): Promise<void>;
}

/** A notice has at most 8,000 bytes; a tag about fifty. */
const tagsInNotice = 100;
/**
 * What nobody waits for goes out so often at the most: each broadcast wakes every process that listens, whatever it listens for.
 */
const spacingMilliseconds = 20;
/** What is remembered of events that the relay has yet to publish; one that is forgotten is told twice. */
const remembered = 100_000;

/** What goes out in one broadcast. */
interface Batch {
  readonly tags: Set<CacheTag>;
  /** Sends it as soon as the one before is out. */
  readonly begin: () => void;
  readonly isOut: Promise<void>;
}

/** Tells of a service's changes over the bus, as the tags of `schema/events/cache-tags.ts`. */
export function createChanges(service: ServiceName, bus: Pick<Bus, 'broadcast'>): Changes {
  let open: Batch | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let lastBegan = -Infinity;
  const told = new Map<string, Promise<void>>();

  const openBatch = (): Batch => {
    const tags = new Set<CacheTag>();
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const before = last.catch(() => undefined);
    const isOut = begun
      .then(() => before)
      .then(() => {
        open = null;
        lastBegan = performance.now();
        return tags.size === 0 ? undefined : bus.broadcast(noticesOf(service, [...tags]));
      });
    last = isOut;
    return { tags, begin, isOut };
  };

  const tell = (events: readonly ChangingEvent[], begin: (batch: Batch) => void): Promise<void> => {
    if (events.length === 0) return Promise.resolve();
    const batch = (open ??= openBatch());
    begin(batch);
    for (const event of events) {
      told.set(event.id, batch.isOut);
      for (const tag of tagsOf(event)) batch.tags.add(tag);
    }
    for (const id of told.keys()) {
      if (told.size <= remembered) break;
      told.delete(id);
    }
    return batch.isOut;
  };
  const atOnce = (batch: Batch) => batch.begin();
  const soon = (batch: Batch) => {
    // A batch with tags has been begun, or will be.
    if (batch.tags.size > 0) return;
    setTimeout(batch.begin, Math.max(0, lastBegan + spacingMilliseconds - performance.now()));
  };

  return {
    tell: (events) => tell(events, atOnce),
    tellSoon: (events) => tell(events, soon),
    async tellUntold(events) {
      const untold = events.filter(({ id }) => !told.has(id));
      const telling = events.flatMap(({ id }) => told.get(id) ?? []);
      for (const { id } of events) told.delete(id);
      await Promise.all(telling);
      await tell(untold, atOnce);
      for (const { id } of untold) told.delete(id);
    },
  };
}

function tagsOf({ topic, payload }: ChangingEvent): readonly CacheTag[] {
  return cacheTagsOf(topic, payload as never);
}

function noticesOf(service: ServiceName, tags: readonly CacheTag[]): ChangeNotice[] {
  const notices: ChangeNotice[] = [];
  for (let start = 0; start < tags.length; start += tagsInNotice) {
    notices.push({ service, id: randomUUID(), tags: tags.slice(start, start + tagsInNotice) });
  }
  return notices;
}

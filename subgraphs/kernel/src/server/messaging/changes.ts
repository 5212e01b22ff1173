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
  /** Tells of those events that this process has not told of: a crash, or another process, came in between. */
  tellUntold(events: readonly ChangingEvent[]): Promise<void>;
}

/** A notice has at most 8,000 bytes; a tag about fifty. */
const tagsInNotice = 100;
/** What is remembered of events that the relay has yet to publish; one that is forgotten is told twice. */
const remembered = 100_000;

/** Tells of a service's changes over the bus, as the tags of `schema/events/cache-tags.ts`. */
export function createChanges(service: ServiceName, bus: Pick<Bus, 'broadcast'>): Changes {
  let waiting = new Set<CacheTag>();
  let next: Promise<void> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const told = new Map<string, Promise<void>>();

  const broadcast = async () => {
    const tags = [...waiting];
    waiting = new Set();
    next = null;
    await bus.broadcast(noticesOf(service, tags));
  };

  const tell = (events: readonly ChangingEvent[]): Promise<void> => {
    if (events.length === 0) return Promise.resolve();
    for (const event of events) for (const tag of tagsOf(event)) waiting.add(tag);
    if (next === null) turn = next = turn.catch(() => undefined).then(broadcast);
    return next;
  };

  return {
    async tell(events) {
      const telling = tell(events);
      for (const { id } of events) told.set(id, telling);
      for (const id of told.keys()) {
        if (told.size <= remembered) break;
        told.delete(id);
      }
      await telling;
    },
    async tellUntold(events) {
      const untold = events.filter(({ id }) => !told.has(id));
      const telling = events.flatMap(({ id }) => told.get(id) ?? []);
      for (const { id } of events) told.delete(id);
      await Promise.all(telling);
      await tell(untold);
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

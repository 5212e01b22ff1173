import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { EntityStore, StoredAnswer } from './entity-store.js';
import type { WriteFence } from './write-fence.js';

/** What gateways share in Redis. */
export interface SharedCache {
  readonly store: EntityStore;
  readonly fence: WriteFence;
}

/** Longer than any entry is kept and any request lasts: what is older compares with nothing. */
const rememberedMs = 25 * 60 * 60 * 1000;

/** Redis cannot be used for this. */
export class SharedCacheError extends Error {
  override name = 'SharedCacheError';
}

/**
 * Keeps answers and the numbers of writes in Redis. One counter numbers writes and changes alike; each tag has the number of
 * its last change, and an answer that was read before that is worth nothing, whichever gateway put it there and however late.
 * When Redis has forgotten the epoch (it was emptied or restarted), everything that was kept is worth nothing, here too.
 *
 * @param prefix in front of every key, so that several systems can share a server
 */
export function createSharedCache(redis: Redis, prefix = 'cache:'): SharedCache {
  const keys = keysUnder(prefix);
  const epoch = new Epoch(redis, keys.epoch);
  return { store: createStore(redis, keys, epoch), fence: createFence(redis, keys, epoch) };
}

/**
 * Sees to it that the server forgets nothing by itself before its time.
 *
 * @throws SharedCacheError when it may drop keys at will: it could forget a change and keep what has changed
 */
export async function refuseEviction(redis: Redis): Promise<void> {
  const memory = await redis.info('memory');
  const valueOf = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(memory)?.[1];
  const policy = valueOf('maxmemory_policy');
  if (policy === undefined || policy === 'noeviction' || valueOf('maxmemory') === '0') return;
  throw new SharedCacheError(
    `The Redis of REDIS_URL drops keys at will (maxmemory-policy ${policy}), so it could forget that something has changed. ` +
      'Set its maxmemory-policy to noeviction: entries expire by themselves.',
  );
}

/**
 * Looks at the server each time that it comes, for it may have been away at the start or be another one since. One that drops
 * keys at will is left alone from then on.
 *
 * @param report told why, once
 */
export function leaveWhenEvicting(redis: Redis, report: (error: SharedCacheError) => void): void {
  redis.on('ready', () => {
    refuseEviction(redis).catch((error: unknown) => {
      if (!(error instanceof SharedCacheError)) return; // It has gone again, and is looked at when it comes back.
      redis.disconnect();
      report(error);
    });
  });
}

/** Gives the tags of a notice the next number, unless another gateway has: all or nothing. */
const noteChange = `
  if redis.call('SET', KEYS[1], '', 'PX', ARGV[1], 'NX') then
    local number = redis.call('INCR', KEYS[2])
    for place = 3, #KEYS do redis.call('SET', KEYS[place], number, 'PX', ARGV[2]) end
  end`;
const noticeRememberedMs = 60_000;

type Keys = ReturnType<typeof keysUnder>;

function keysUnder(prefix: string) {
  return {
    epoch: `${prefix}epoch`,
    sequence: `${prefix}sequence`,
    tag: (tag: string) => `${prefix}tag:${tag}`,
    writer: (writer: string) => `${prefix}writer:${writer}`,
    notice: (id: string) => `${prefix}notice:${id}`,
    answer: (key: string) => `${prefix}answer:${key}`,
  };
}

/**
 * Names the state of the server: a new one, and all that was kept before is worth nothing. A server that was away may have come
 * back with an older state (from its last snapshot, or as a replica that lagged behind), so it counts as another one.
 */
class Epoch {
  /** Something may not be written down that others have to know: what is kept may not be used until it is made good. */
  #owed = false;

  constructor(
    private readonly redis: Redis,
    private readonly key: string,
  ) {
    redis.on('close', () => this.owe());
  }

  /** Settles what is owed, then gives the epoch as it was read, or a new one where there was none. */
  async settle(read: string | null): Promise<string> {
    if (!this.#owed && read !== null) return read;
    if (this.#owed) return await this.renew();
    await this.redis.set(this.key, randomUUID(), 'NX');
    return (await this.redis.get(this.key)) ?? '';
  }

  async renew(): Promise<string> {
    this.#owed = true;
    const epoch = randomUUID();
    await this.redis.set(this.key, epoch);
    this.#owed = false;
    return epoch;
  }

  owe(): void {
    this.#owed = true;
  }
}

function createFence(redis: Redis, keys: Keys, epoch: Epoch): WriteFence {
  return {
    async moment(writer) {
      const [read, sequence, wroteAt] = await redis.mget(keys.epoch, keys.sequence, keys.writer(writer));
      return {
        epoch: await epoch.settle(read ?? null),
        sequence: Number(sequence ?? 0),
        wroteAt: Number(wroteAt ?? 0),
      };
    },
    async wrote(writer) {
      await writeDown(epoch, async () => {
        const number = await redis.incr(keys.sequence);
        await redis.set(keys.writer(writer), number, 'PX', rememberedMs);
      });
    },
    async reset() {
      await epoch.renew();
    },
  };
}

function createStore(redis: Redis, keys: Keys, epoch: Epoch): EntityStore {
  return {
    async get(wanted) {
      const [read, ...texts] = await redis.mget(keys.epoch, ...wanted.map(keys.answer));
      const present = await epoch.settle(read ?? null);
      const found = texts.map((text) => (text ? (JSON.parse(text) as StoredAnswer) : undefined));
      const tags = [...new Set(found.flatMap((answer) => answer?.tags ?? []))];
      const numbers = tags.length === 0 ? [] : await redis.mget(...tags.map(keys.tag));
      const changed = new Map(tags.map((tag, index) => [tag, Number(numbers[index] ?? 0)]));
      const holds = ({ moment, tags: own }: StoredAnswer) =>
        moment.epoch === present && own.every((tag) => (changed.get(tag) ?? 0) <= moment.sequence);
      return found.map((answer) => (answer !== undefined && holds(answer) ? answer : undefined));
    },
    async set(entries) {
      const pipeline = redis.pipeline();
      for (const [key, answer] of entries) {
        const left = Math.ceil(answer.staleUntil - Date.now());
        if (left > 0)
          pipeline.set(keys.answer(key), JSON.stringify(answer), 'PX', Math.min(left, rememberedMs));
      }
      await pipeline.exec();
    },
    async changed(id, tags) {
      await writeDown(epoch, async () => {
        const names = [keys.notice(id), keys.sequence, ...tags.map(keys.tag)];
        await redis.eval(noteChange, names.length, ...names, noticeRememberedMs, rememberedMs);
      });
    },
    async clear() {
      await epoch.renew();
    },
  };
}

async function writeDown(epoch: Epoch, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    epoch.owe();
    throw error;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@fulfillment/kernel/population/random';

/** Something that can be killed, and be there again. */
export interface Target {
  readonly name: string;
  /** Ends it with SIGKILL, or what comes next to that. */
  readonly kill: () => Promise<void>;
  /** Resolves when it works again. */
  readonly revive: () => Promise<void>;
}

/** Milliseconds, both included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Killing {
  /** How often each target was killed, by its name. */
  readonly kills: ReadonlyMap<string, number>;
  /** Kills no more; resolves when all that was killed works again. */
  stop(): Promise<void>;
}

/**
 * Kills one of the targets after another, each after a random pause, and revives it after another. Every target is
 * killed once before one is killed again and again: which and when, the random sequence decides.
 */
export function startKilling(
  targets: readonly Target[],
  random: Random,
  { between, dead }: { readonly between: Range; readonly dead: Range },
): Killing {
  const kills = new Map(targets.map(({ name }) => [name, 0]));
  const stopping = new AbortController();

  const loop = async () => {
    while (!stopping.signal.aborted) {
      await sleep(random.integer(between.low, between.high), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
      if (stopping.signal.aborted) return;
      const target = random.pick(leastKilled(targets, kills));
      kills.set(target.name, (kills.get(target.name) ?? 0) + 1);
      await target.kill();
      await sleep(random.integer(dead.low, dead.high));
      await target.revive();
    }
  };
  const running = loop();
  // Heard of by `stop`.
  running.catch(() => undefined);
  return {
    kills,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Those that were killed at most twice as often as the one that was killed least: all get their turn. */
function leastKilled(targets: readonly Target[], kills: ReadonlyMap<string, number>): readonly Target[] {
  const counts = targets.map(({ name }) => kills.get(name) ?? 0);
  const least = Math.min(...counts);
  return targets.filter((_target, index) => (counts[index] ?? 0) <= least * 2);
}

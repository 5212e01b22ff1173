import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '@fulfillment/telemetry/metrics';
import type { DeliveryBacklog } from '../bus/bus.js';

/** What is read when metrics are asked for, rather than counted. */
export interface Levels {
  /** Connections to the service's database, and how many wait for one. */
  readonly pool: () => {
    readonly used: number;
    readonly idle: number;
    readonly limit: number;
    readonly waiting: number;
  };
  readonly outbox: () => Promise<OutboxBacklog>;
  readonly deliveries: () => Promise<DeliveryBacklog>;
  /** Facts that wait for their predecessor. */
  readonly held: () => Promise<number>;
}

/** What was promised and is not with the bus yet. */
export interface OutboxBacklog {
  readonly waiting: number;
  /** Since the oldest was promised; 0 when none waits. */
  readonly ageSeconds: number;
}

/** A database that does not answer within this long must not keep the other metrics. */
const patienceMs = 2_000;

/** Adds a gauge for each level. One that cannot be read has no value at that time. */
export function watchLevels(metrics: Metrics, levels: Levels): void {
  metrics.gauge('service_pool_connections', 'Connections to the database', ['state'], (gauge) => {
    const { used, idle, limit } = levels.pool();
    gauge.set({ state: 'used' }, used);
    gauge.set({ state: 'idle' }, idle);
    gauge.set({ state: 'limit' }, limit);
  });
  metrics.gauge('service_pool_waiting', 'Who waits for a connection', [], (gauge) => {
    gauge.set(levels.pool().waiting);
  });
  const watch = <Level>(read: () => Promise<Level>, gauges: readonly LevelGauge<Level>[]) => {
    const readOnce = sharedWhileUnderWay(read);
    for (const { name, help, of } of gauges) {
      metrics.gauge(name, help, [], async (gauge) => {
        const level = await soon(readOnce());
        if (level === undefined) gauge.remove();
        else gauge.set(of(level));
      });
    }
  };
  watch(levels.outbox, [
    {
      name: 'service_outbox_waiting',
      help: 'Events that are not with the bus yet',
      of: ({ waiting }) => waiting,
    },
    {
      name: 'service_outbox_age_seconds',
      help: 'Age of the oldest of them',
      of: ({ ageSeconds }) => ageSeconds,
    },
  ]);
  watch(levels.deliveries, [
    {
      name: 'service_inbox_waiting',
      help: 'Events on the bus for this service',
      of: ({ waiting }) => waiting,
    },
    {
      name: 'service_inbox_lag_seconds',
      help: 'Age of the oldest of them',
      of: ({ ageSeconds }) => ageSeconds,
    },
    {
      name: 'service_inbox_retrying',
      help: 'Those that failed and come again',
      of: ({ retrying }) => retrying,
    },
    { name: 'service_inbox_dead_letters', help: 'Deliveries that were given up', of: ({ dead }) => dead },
  ]);
  watch(levels.held, [
    { name: 'service_inbox_held', help: 'Facts that wait for their predecessor', of: (held) => held },
  ]);
}

interface LevelGauge<Level> {
  readonly name: string;
  readonly help: string;
  readonly of: (level: Level) => number;
}

/** Whoever asks while it is read gets what is being read: gauges of one scrape share it, and slow scrapes do not pile up. */
function sharedWhileUnderWay<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** Undefined when it fails or takes too long. */
async function soon<T>(reading: Promise<T>): Promise<T | undefined> {
  const patience = new AbortController();
  const given = sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    return await Promise.race([reading, given]);
  } catch {
    return undefined;
  } finally {
    patience.abort();
  }
}

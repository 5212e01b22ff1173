import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import sql from 'sql-template-tag';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { ReachCheckpoint } from '../checkpoint.js';
import type { Logger } from '../logger.js';
import { commitLosable, query } from '../sql.js';
import { outboxColumns, type OutboxRecord, toEnvelope } from './outbox-reads.js';

const batchSize = 200;
const pollMilliseconds = 1_000;
/** Where events come one after the other, those of so long go together: what a batch costs hardly depends on how many it has. */
const spacingMilliseconds = 20;

/** Publishes what stands in the outbox: at once when woken after a commit, and every second what a crash left. */
export interface Relay {
  /** A transaction with events has committed. */
  wake(): void;
  /** Stops after the batch in hand. */
  stop(): Promise<void>;
}

/** Where the events go; when it resolves they survive any crash. */
export interface Publisher {
  publish(events: readonly EventEnvelope[]): Promise<void>;
}

export function startRelay(
  dataSource: DataSource,
  bus: Publisher,
  reach: ReachCheckpoint,
  logger: Logger,
): Relay {
  const state = { stopped: false, woken: false, endPause: (): void => undefined };

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMilliseconds);
      state.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const loop = async () => {
    while (!state.stopped) {
      state.woken = false;
      const spaced = sleep(spacingMilliseconds);
      const published = await publishBatch(dataSource, bus, reach).catch((error: unknown) => {
        logger.warn({ err: error }, 'The outbox could not be published; it is tried again');
        return 0;
      });
      if (published === batchSize) continue;
      if (!state.woken && !state.stopped) await pause();
      await spaced;
    }
  };

  const running = loop();
  return {
    wake() {
      state.woken = true;
      state.endPause();
    },
    async stop() {
      state.stopped = true;
      state.endPause();
      await running;
    },
  };
}

/**
 * Publishes up to `batchSize` events and marks them, in one transaction: a crash in between publishes them again,
 * which the consumers' inboxes absorb. So the marks need not have reached the disk either. SKIP LOCKED lets replicas share the work.
 */
async function publishBatch(dataSource: DataSource, bus: Publisher, reach: ReachCheckpoint): Promise<number> {
  return dataSource.transaction(async (manager) => {
    const rows = await query<OutboxRecord>(
      manager,
      sql`SELECT ${outboxColumns} FROM outbox
          WHERE published_at IS NULL ORDER BY position LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`,
    );
    if (rows.length === 0) return 0;
    reach('relay.before-publish');
    await bus.publish(rows.map(toEnvelope));
    reach('relay.after-publish');
    await query(
      manager,
      sql`UPDATE outbox SET published_at = now()
          WHERE id = ANY(${rows.map((row) => row.id)}::uuid[]) AND ${commitLosable}`,
    );
    return rows.length;
  });
}

import { runMigrations } from 'graphile-worker';
import { changesChannel, type ChangeNotice } from '@fulfillment/schema/events/cache-tags';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import pg from 'pg';
import type { Logger } from '../logger.js';
import type { Bus, DeliveryBacklog } from './bus.js';
import { createBoard, createBoardTables } from './postgres-board.js';
import { consume, silentWorkerLogger } from './postgres-consumption.js';
import { createFailedDeliveries } from './postgres-failed-deliveries.js';
import { inTransaction } from './pool-transaction.js';
import {
  addDeliveries,
  commandJob,
  createDeliveryTasks,
  deliveriesOf,
  deliveriesTo,
  eachDelivery,
  replaceJobs,
} from './postgres-jobs.js';
import { deliveryTasks, togetherTask } from './postgres-tasks.js';
import { createWorkerLeaseTable } from './worker-leases.js';

/** The priority of events that are told, and of commands. */
const asUsual = 0;
/** What is sent again, perhaps by the thousand, keeps nothing waiting that is told meanwhile. */
const afterTheNews = 1;

/** Any constant: it names the lock under which the bus's tables are made. */
const migrationLock = 7_263_542;

export interface PostgresBusOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Deliveries to this process at the same moment. */
  readonly concurrency?: number;
}

/** The bus on a PostgreSQL database of its own: a graphile-worker job for each consumer of an event, or of a group of them. */
export async function connectPostgresBus(options: PostgresBusOptions): Promise<Bus> {
  const { logger, concurrency = 4 } = options;
  const pool = connectPool(options, { max: 4 });
  const workerPool = connectPool(options, { max: concurrency + 2, options: '-c synchronous_commit=off' });
  await migrateBus(pool);
  return {
    publish: (events) => addDeliveries(pool, deliveriesOf(events)),
    redeliver: (events, consumer) => redeliver(pool, events, consumer),
    command: (service, command) => replaceJobs(pool, [commandJob(service, command)], asUsual),
    broadcast: (notices) => notify(pool, notices),
    consume: (consumer, receiver) =>
      consume({ pool, workerPool }, consumer, receiver, { concurrency, logger }),
    backlog: (consumer) => backlogOf(pool, consumer),
    failed: createFailedDeliveries(pool),
    board: createBoard(pool, (client, service, command) =>
      replaceJobs(client, [commandJob(service, command)], asUsual),
    ),
    async close() {
      await workerPool.end();
      await pool.end();
    },
  };
}

function connectPool({ url, logger }: PostgresBusOptions, more: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 5_000, ...more });
  const lost = (error: Error) => logger.warn({ err: error }, 'A connection to the bus was lost');
  pool.on('error', lost);
  // A connection in use reports its loss itself; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

async function migrateBus(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await runMigrations({ pgPool: pool, logger: silentWorkerLogger });
    await createDeliveryTasks(client);
    await createWorkerLeaseTable(client);
    await createBoardTables(client);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    client.release();
  }
}

/** Any role that may connect to this database can listen, and needs no other right for it. */
async function notify(pool: pg.Pool, notices: readonly ChangeNotice[]): Promise<void> {
  await pool.query('SELECT pg_notify($1, notice) FROM unnest($2::text[]) AS notice', [
    changesChannel,
    notices.map((notice) => JSON.stringify(notice)),
  ]);
}

/** A job that is tried for the last time is not dead yet. Each event of a group counts. */
async function backlogOf(pool: pg.Pool, consumer: ServiceName): Promise<DeliveryBacklog> {
  const { rows } = await pool.query<{ waiting: number; age: number; retrying: number; dead: number }>(
    `SELECT coalesce(sum(events) FILTER (WHERE comes), 0)::int AS waiting,
            coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE comes)), 0)::float8 AS age,
            coalesce(sum(events) FILTER (WHERE comes AND last_error IS NOT NULL), 0)::int AS retrying,
            coalesce(sum(events) FILTER (WHERE NOT comes), 0)::int AS dead
     FROM (
       SELECT job.created_at, job.last_error, job.attempts < job.max_attempts OR job.locked_at IS NOT NULL AS comes,
              CASE WHEN task.identifier = $2 THEN json_array_length(job.payload -> 'events') ELSE 1 END AS events
       FROM graphile_worker._private_jobs AS job
       JOIN graphile_worker._private_tasks AS task ON task.id = job.task_id
       WHERE task.identifier = ANY($1)
     ) AS delivery`,
    [[...deliveryTasks(consumer), togetherTask(consumer)], togetherTask(consumer)],
  );
  const { waiting = 0, age = 0, retrying = 0, dead = 0 } = rows[0] ?? {};
  return { waiting, ageSeconds: age, retrying, dead };
}

/** Dead letters are taken away first: graphile-worker leaves them lying beside the new job. */
async function redeliver(
  pool: pg.Pool,
  events: readonly EventEnvelope[],
  consumer: ServiceName | null,
): Promise<void> {
  const jobs = events.flatMap((event) =>
    consumer === null ? eachDelivery(event) : deliveriesTo(event, consumer),
  );
  if (jobs.length === 0) return;
  const keys = jobs.map((job) => job.key);
  await inTransaction(pool, async (client) => {
    await client.query(
      'DELETE FROM graphile_worker._private_jobs WHERE key = ANY($1) AND locked_at IS NULL',
      [keys],
    );
    // These failed after they had been replaced while they were being worked on.
    await client.query(
      `DELETE FROM graphile_worker._private_jobs AS job
       USING graphile_worker._private_tasks AS task
       WHERE task.id = job.task_id AND job.key IS NULL AND job.locked_at IS NULL
         AND (job.payload ->> 'id') || ':' || split_part(task.identifier, ':', 1) = ANY($1)`,
      [keys],
    );
    await replaceJobs(client, jobs, afterTheNews);
  });
}

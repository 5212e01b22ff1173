import { runMigrations } from 'graphile-worker';
import type { Command } from '@fulfillment/schema/events/commands';
import { changesChannel, type ChangeNotice } from '@fulfillment/schema/events/cache-tags';
import { consumers, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import pg from 'pg';
import type { Logger } from '../logger.js';
import type { Bus, DeliveryBacklog } from './bus.js';
import { createBoard, createBoardTables } from './postgres-board.js';
import { consume, silentWorkerLogger } from './postgres-consumption.js';
import { createFailedDeliveries } from './postgres-failed-deliveries.js';
import { inTransaction } from './pool-transaction.js';
import { type BusTask, commandTask, deliveryTask, deliveryTasks } from './postgres-tasks.js';
import { createWorkerLeaseTable } from './worker-leases.js';

/** A delivery is tried this often, with exponential backoff (about ten hours in all), before it is a dead letter. */
const maximumAttempts = 12;

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

/** The bus on a PostgreSQL database of its own: one graphile-worker job for each event and consumer. */
export async function connectPostgresBus(options: PostgresBusOptions): Promise<Bus> {
  const { logger, concurrency = 4 } = options;
  const pool = connectPool(options, { max: 4 });
  const workerPool = connectPool(options, { max: concurrency + 2, options: '-c synchronous_commit=off' });
  await migrateBus(pool);
  return {
    publish: (events) => addJobs(pool, events.flatMap(deliveriesOf)),
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
    await createWorkerLeaseTable(client);
    await createBoardTables(client);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    client.release();
  }
}

/** A job as graphile-worker takes it: the key makes a second job of the same delivery find the first one. */
interface Job extends BusTask {
  readonly key: string;
  readonly payload: EventEnvelope | Command;
}

function deliveriesOf(event: EventEnvelope): Job[] {
  return consumers[event.topic as Topic].map((consumer) => delivery(event, consumer));
}

function deliveriesTo(event: EventEnvelope, consumer: ServiceName): Job[] {
  return consumers[event.topic as Topic].includes(consumer) ? [delivery(event, consumer)] : [];
}

function delivery(event: EventEnvelope, consumer: ServiceName): Job {
  const key = `${event.id}:${consumer}`;
  return { ...deliveryTask(consumer, event.topic as Topic), key, payload: event };
}

function commandJob(service: ServiceName, command: Command): Job {
  const key = `${commandKey(command)}:${service}`;
  return { task: commandTask(service), key, queue: null, payload: command };
}

/** What makes a command the same one when it is sent again. */
function commandKey(command: Command): string {
  switch (command.kind) {
    case 'REDELIVER':
    case 'REBUILD':
      return `${command.kind}:${command.id}`;
    case 'SEND_TOPIC':
      return `${command.kind}:${command.rebuildId}`;
    case 'TOPIC_SENT':
      return `${command.kind}:${command.rebuildId}:${command.expected}:${command.complete}`;
  }
}

/** A job with the same key stays as it is. */
async function addJobs(database: Pick<pg.ClientBase, 'query'>, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await database.query(
    `SELECT count(graphile_worker.add_job(job.task, job.payload, queue_name => job.queue, job_key => job.key,
                                          job_key_mode => 'unsafe_dedupe', max_attempts => $2))
     FROM json_to_recordset($1) AS job (task text, key text, queue text, payload json)`,
    [JSON.stringify(jobs), maximumAttempts],
  );
}

/** Any role that may connect to this database can listen, and needs no other right for it. */
async function notify(pool: pg.Pool, notices: readonly ChangeNotice[]): Promise<void> {
  await pool.query('SELECT pg_notify($1, notice) FROM unnest($2::text[]) AS notice', [
    changesChannel,
    notices.map((notice) => JSON.stringify(notice)),
  ]);
}

/** A job that is tried for the last time is not dead yet. */
async function backlogOf(pool: pg.Pool, consumer: ServiceName): Promise<DeliveryBacklog> {
  const { rows } = await pool.query<{ waiting: number; age: number; retrying: number; dead: number }>(
    `SELECT count(*) FILTER (WHERE comes)::int AS waiting,
            coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE comes)), 0)::float8 AS age,
            count(*) FILTER (WHERE comes AND last_error IS NOT NULL)::int AS retrying,
            count(*) FILTER (WHERE NOT comes)::int AS dead
     FROM (
       SELECT job.created_at, job.last_error, job.attempts < job.max_attempts OR job.locked_at IS NOT NULL AS comes
       FROM graphile_worker._private_jobs AS job
       JOIN graphile_worker._private_tasks AS task ON task.id = job.task_id
       WHERE task.identifier = ANY($1)
     ) AS delivery`,
    [deliveryTasks(consumer)],
  );
  const { waiting = 0, age = 0, retrying = 0, dead = 0 } = rows[0] ?? {};
  return { waiting, ageSeconds: age, retrying, dead };
}

/**
 * A job with the same key becomes new; beside one that is being worked on another one is put. All jobs in one call, which
 * wakes the workers once.
 * @param priority a lower one goes first
 */
async function replaceJobs(
  database: Pick<pg.ClientBase, 'query'>,
  jobs: readonly Job[],
  priority: number,
): Promise<void> {
  await database.query(
    `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
       SELECT ROW(job.task, job.payload, job.queue, now(), $2::smallint, job.key, $3::smallint, NULL)
              ::graphile_worker.job_spec
       FROM json_to_recordset($1) AS job (task text, key text, queue text, payload json)))`,
    [JSON.stringify(jobs), maximumAttempts, priority],
  );
}

/** Dead letters are taken away first: graphile-worker leaves them lying beside the new job. */
async function redeliver(
  pool: pg.Pool,
  events: readonly EventEnvelope[],
  consumer: ServiceName | null,
): Promise<void> {
  const jobs = events.flatMap((event) =>
    consumer === null ? deliveriesOf(event) : deliveriesTo(event, consumer),
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

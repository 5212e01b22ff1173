import { EventEmitter } from 'node:events';
import { Logger as WorkerLogger, run, runMigrations, type Runner, type WorkerEvents } from 'graphile-worker';
import { consumers, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import pg from 'pg';
import type { Logger } from '../logger.js';
import type { Bus, Consumption } from './bus.js';
import { createWorkerLeases, createWorkerLeaseTable } from './worker-leases.js';

/** A delivery is tried this often, with exponential backoff (about ten hours in all), before it is a dead letter. */
const maximumAttempts = 12;

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
  const concurrency = options.concurrency ?? 4;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: concurrency + 4,
    connectionTimeoutMillis: 5_000,
  });
  const lost = (error: Error) => options.logger.warn({ err: error }, 'A connection to the bus was lost');
  pool.on('error', lost);
  // A connection in use reports its loss itself; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', lost));
  await migrateBus(pool);
  return {
    publish: (events) => publish(pool, events),
    consume: (consumer, deliver) => consume(pool, consumer, deliver, concurrency, options.logger),
    close: () => pool.end(),
  };
}

async function migrateBus(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await runMigrations({ pgPool: pool, logger: silentWorkerLogger });
    await createWorkerLeaseTable(client);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    client.release();
  }
}

/** The job key makes a second publication of an event find the first one's job, if it is still there. */
async function publish(pool: pg.Pool, events: readonly EventEnvelope[]): Promise<void> {
  const jobs = events.flatMap((event) =>
    consumers[event.topic as Topic].map((consumer) => ({
      consumer,
      key: `${event.id}:${consumer}`,
      payload: event,
    })),
  );
  if (jobs.length === 0) return;
  await pool.query(
    `SELECT count(graphile_worker.add_job(job.consumer, job.payload, job_key => job.key,
                                          job_key_mode => 'unsafe_dedupe', max_attempts => $2))
     FROM json_to_recordset($1) AS job (consumer text, key text, payload json)`,
    [JSON.stringify(jobs), maximumAttempts],
  );
}

async function consume(
  pool: pg.Pool,
  consumer: ServiceName,
  deliver: (event: unknown) => Promise<void>,
  concurrency: number,
  logger: Logger,
): Promise<Consumption> {
  const events: WorkerEvents = new EventEmitter();
  const leases = await createWorkerLeases(pool, logger);
  events.on('pool:create', ({ workerPool }) => leases.add(workerPool.id));
  events.on('job:failed', ({ job, error }) =>
    logger.error({ err: error, jobId: job.id, attempts: job.attempts }, 'A delivery became a dead letter'),
  );
  const runner: Runner = await run({
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    events,
    logger: silentWorkerLogger,
    taskList: {
      [consumer]: async (event) => {
        try {
          await deliver(event);
        } catch (error) {
          logger.warn(
            { err: error, eventId: (event as { id?: unknown }).id },
            'A delivery failed; it is retried',
          );
          throw error;
        }
      },
    },
  });
  return {
    async stop() {
      await runner.stop();
      await leases.release();
    },
  };
}

/** Failures are logged above, with the event's id; graphile-worker's own lines would repeat them. */
const silentWorkerLogger = new WorkerLogger(() => () => undefined);

import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from '../logger.js';

const reapMilliseconds = 2_000;

/**
 * A worker pool that is killed leaves its jobs locked by its id, and graphile-worker frees them after four hours. So each
 * process holds a session lock in the bus's database while it lives, and notes which pools are its own: a lock that can
 * be taken by another process belongs to a dead one, and the jobs of its pools are freed at once. A job that was locked
 * by a living pool, which never heard of it because the connection was lost, is freed by the process itself.
 */
export interface WorkerLeases {
  /** Notes a worker pool of this process. */
  add(poolId: string): void;
  /** Notes that a pool of this process works on a job, and no longer. */
  begun(jobId: string): void;
  ended(jobId: string): void;
  /** Ends the lease after the workers have stopped. */
  release(): Promise<void>;
}

export async function createWorkerLeaseTable(client: pg.ClientBase): Promise<void> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS worker_lease (
       pool_id text PRIMARY KEY,
       process_key integer NOT NULL
     )`,
  );
}

/** Namespaces the session locks among other advisory locks of the database. */
const leaseClass = 7_263;

/**
 * Takes this process's lease, and keeps it: when its connection is lost it is taken again, with the pools it names. In
 * between another process may free the jobs of these pools, which are then delivered twice; inboxes absorb that.
 */
export async function createWorkerLeases(pool: pg.Pool, logger: Logger): Promise<WorkerLeases> {
  const processKey = randomInt(2 ** 31 - 1);
  const lease = new Lease(pool, processKey);
  await lease.hold();
  await freeJobsOfTheDead(pool, processKey);

  const report = (error: unknown) => logger.warn({ err: error }, 'Worker leases could not be kept');
  const atWork = new Set<string>();
  const keep = async () => {
    await lease.hold();
    await freeJobsOfTheDead(pool, processKey);
    await freeUnheardJobs(pool, lease.poolIds, [...atWork]);
  };
  let keeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    keeping = keep().catch(report);
  }, reapMilliseconds);
  const added: Promise<unknown>[] = [];
  return {
    add(poolId) {
      added.push(lease.name(poolId).catch(report));
    },
    begun: (jobId) => void atWork.add(jobId),
    ended: (jobId) => void atWork.delete(jobId),
    async release() {
      clearInterval(timer);
      // What is under way would name the pools once more.
      await Promise.all([keeping, ...added]);
      await pool.query('DELETE FROM worker_lease WHERE process_key = $1', [processKey]).catch(report);
      lease.end();
    },
  };
}

/** The session lock of this process, and the worker pools that it vouches for. */
class Lease {
  readonly #poolIds = new Set<string>();
  #holder: pg.PoolClient | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly processKey: number,
  ) {}

  get poolIds(): string[] {
    return [...this.#poolIds];
  }

  /** Takes the lock unless it is held. */
  async hold(): Promise<void> {
    if (this.#holder) return;
    const client = await this.pool.connect();
    client.once('end', () => {
      if (this.#holder === client) this.end();
    });
    try {
      await client.query('SELECT pg_advisory_lock($1, $2)', [leaseClass, this.processKey]);
      this.#holder = client;
      for (const poolId of this.#poolIds) await this.#write(poolId);
    } catch (error) {
      if (this.#holder === client) this.end();
      else client.release(true);
      throw error;
    }
  }

  /** Notes a pool now, and again whenever the lock has to be taken anew. */
  async name(poolId: string): Promise<void> {
    this.#poolIds.add(poolId);
    await this.#write(poolId);
  }

  /** Gives the lock up with its connection. */
  end(): void {
    const holder = this.#holder;
    this.#holder = undefined;
    holder?.release(true);
  }

  async #write(poolId: string): Promise<void> {
    await this.pool.query(
      'INSERT INTO worker_lease (pool_id, process_key) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [poolId, this.processKey],
    );
  }
}

/**
 * Frees jobs of pools whose process is gone, and, after a minute, of pools that died before they were noted.
 * The transaction-level lock is given back by the database itself when the statement ends.
 */
async function freeJobsOfTheDead(pool: pg.Pool, ownKey: number): Promise<void> {
  await pool.query(
    `WITH process AS MATERIALIZED (
       SELECT process_key FROM (SELECT DISTINCT process_key FROM worker_lease WHERE process_key <> $2) AS other
       WHERE pg_try_advisory_xact_lock($1, process_key)
     ), dead AS (
       DELETE FROM worker_lease USING process WHERE worker_lease.process_key = process.process_key
       RETURNING pool_id
     ), unknown AS (
       SELECT DISTINCT locked_by AS pool_id FROM graphile_worker._private_jobs AS job
       WHERE locked_at < now() - interval '1 minute'
         AND NOT EXISTS (SELECT FROM worker_lease WHERE pool_id = job.locked_by)
     )
     SELECT graphile_worker.force_unlock_workers(array_agg(pool_id))
     FROM (SELECT pool_id FROM dead UNION SELECT pool_id FROM unknown) AS freed
     HAVING count(*) > 0`,
    [leaseClass, ownKey],
  );
}

/**
 * Frees jobs, with their queues, that are locked by pools of this process and that none of them works on. A job is heard of within
 * milliseconds of its lock; one that is freed too early is delivered twice, which inboxes absorb.
 */
async function freeUnheardJobs(
  pool: pg.Pool,
  poolIds: readonly string[],
  atWork: readonly string[],
): Promise<void> {
  await pool.query(
    `WITH freed AS (
       UPDATE graphile_worker._private_jobs
       SET locked_by = NULL, locked_at = NULL, run_at = greatest(run_at, now())
       WHERE locked_by = ANY($1) AND locked_at < now() - interval '3 seconds' AND id <> ALL($2::bigint[])
       RETURNING job_queue_id
     )
     UPDATE graphile_worker._private_job_queues SET locked_by = NULL, locked_at = NULL
     WHERE locked_by = ANY($1) AND id IN (SELECT job_queue_id FROM freed)`,
    [poolIds, atWork],
  );
}

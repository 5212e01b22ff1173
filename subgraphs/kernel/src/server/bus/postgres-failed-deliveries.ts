import type {
  FailedDelivery,
  FailedDeliveryConditions,
  FailedDeliverySort,
} from '@fulfillment/schema/events/deliveries';
import { serviceNames, type ServiceName } from '@fulfillment/schema/events/topics';
import type pg from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { selectConnection, type SortOrder } from '../connection.js';
import { parsePage } from '../pagination.js';
import type { Queryable } from '../sql.js';
import { allOf } from '../visibility/visibility.js';
import type { FailedDeliveries } from './failed-deliveries.js';
import { deliveryTasks } from './postgres-tasks.js';

const sorts: Readonly<Record<FailedDeliverySort, SortOrder>> = {
  FAILED_AT: { name: 'FAILED_AT', column: 'failed_at', type: 'timestamptz' },
  FAILED_AT_DESC: { name: 'FAILED_AT_DESC', column: 'failed_at', type: 'timestamptz', descending: true },
};

/** The failed jobs of graphile-worker, whose view shows all of them but not what they carry. */
export function createFailedDeliveries(pool: pg.Pool): FailedDeliveries {
  const database: Queryable = {
    query: async <Rows>(statement: string, values?: unknown[]) =>
      (await pool.query(statement, values)).rows as Rows,
  };
  return {
    list: (page, sort, conditions) =>
      selectConnection(database, {
        select: failedJobs(conditions),
        sort: sorts[sort],
        page: parsePage(page, sort),
        fromRow,
      }),
  };
}

/**
 * A try that fails moves `run_at` from the present by exp(attempts) seconds, ten tries at the most, which tells when it
 * failed. A job that is being worked on has counted its present try already.
 */
function failedJobs(conditions: FailedDeliveryConditions): Sql {
  return sql`
    SELECT * FROM (
      SELECT '' AS parent, md5('delivery:' || job.id)::uuid AS id, split_part(task.identifier, ':', 1) AS consumer,
             job.payload ->> 'id' AS event_id, job.payload ->> 'topic' AS topic,
             job.payload ->> 'aggregateId' AS aggregate_id, (job.payload ->> 'sequence')::int AS sequence,
             (job.payload ->> 'occurredAt')::timestamptz AS occurred_at,
             (job.payload -> 'payload')::text AS payload,
             job.attempts, job.max_attempts, job.last_error,
             date_trunc('milliseconds', CASE
               WHEN job.last_error IS NULL THEN job.run_at
               ELSE job.run_at - interval '1 second'
                    * exp(least(job.attempts - (job.locked_at IS NOT NULL)::int, 10))
             END) AS failed_at,
             CASE WHEN job.attempts < job.max_attempts OR job.locked_at IS NOT NULL THEN job.run_at END AS retried_at
      FROM graphile_worker._private_jobs AS job
      JOIN graphile_worker._private_tasks AS task ON task.id = job.task_id
      WHERE task.identifier = ANY(${serviceNames.flatMap(deliveryTasks)})
        AND (job.last_error IS NOT NULL OR (job.attempts >= job.max_attempts AND job.locked_at IS NULL))
    ) AS failed
    WHERE ${allOf(toSql(conditions))}`;
}

function toSql({ consumer, topic, producer, since }: FailedDeliveryConditions): Sql[] {
  return [
    ...(consumer == null ? [] : [sql`failed.consumer = ${consumer}`]),
    ...(topic == null ? [] : [sql`failed.topic = ${topic}`]),
    ...(producer == null ? [] : [sql`split_part(failed.topic, '.', 1) = ${producer}`]),
    ...(since == null ? [] : [sql`failed.failed_at >= ${since}`]),
  ];
}

interface FailedJobRecord {
  id: string;
  event_id: string;
  topic: string;
  aggregate_id: string;
  sequence: number;
  consumer: ServiceName;
  attempts: number;
  max_attempts: number;
  last_error: string | null;
  payload: string;
  occurred_at: Date;
  failed_at: Date;
  retried_at: Date | null;
}

function fromRow(row: FailedJobRecord): FailedDelivery {
  return {
    id: row.id,
    eventId: row.event_id,
    topic: row.topic,
    aggregateId: row.aggregate_id,
    sequence: row.sequence,
    consumer: row.consumer,
    attempts: row.attempts,
    attemptLimit: row.max_attempts,
    reason: row.last_error,
    payload: row.payload,
    occurredAt: row.occurred_at,
    failedAt: row.failed_at,
    retriedAt: row.retried_at,
  };
}

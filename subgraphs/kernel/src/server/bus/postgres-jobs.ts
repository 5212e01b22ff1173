import type { Command } from '@fulfillment/schema/events/commands';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { consumers, type ServiceName, takenInTogether, type Topic } from '@fulfillment/schema/events/topics';
import type pg from 'pg';
import {
  allQueues,
  allTasks,
  type BusTask,
  commandTask,
  deliveriesChannel,
  deliveryTask,
  togetherTask,
} from './postgres-tasks.js';

/** A delivery is tried this often, with exponential backoff (about ten hours in all), before it is a dead letter. */
export const maximumAttempts = 12;

/** So many events go together at the most. */
const largestGroup = 100;

/** A job as graphile-worker takes it: the key makes a second job of the same delivery find the first one. */
export interface Job extends BusTask {
  readonly key: string | null;
  readonly payload: EventEnvelope | EventGroup | Command;
}

/** What is delivered together: events of one topic. One that is published again comes in another group. */
export interface EventGroup {
  readonly events: readonly EventEnvelope[];
}

/** What delivers events to all their consumers: several of a topic that is taken in together in one job. */
export function deliveriesOf(events: readonly EventEnvelope[]): Job[] {
  const byItself = events.filter(({ topic }) => !takenInTogether.includes(topic as Topic));
  const together = takenInTogether.flatMap((topic) =>
    groupsOf(events.filter((event) => event.topic === topic)),
  );
  return [
    ...byItself.flatMap(eachDelivery),
    ...together.flatMap((group) =>
      group.length === 1 ? group.flatMap(eachDelivery) : groupDeliveries(group),
    ),
  ];
}

function groupsOf(events: readonly EventEnvelope[]): EventEnvelope[][] {
  const groups: EventEnvelope[][] = [];
  for (let start = 0; start < events.length; start += largestGroup) {
    groups.push(events.slice(start, start + largestGroup));
  }
  return groups;
}

function groupDeliveries(events: readonly EventEnvelope[]): Job[] {
  const [first] = events;
  if (first === undefined) return [];
  return consumers[first.topic as Topic].map((consumer) => {
    return { task: togetherTask(consumer), queue: null, key: null, payload: { events } };
  });
}

/** A delivery of an event to each of its consumers. */
export function eachDelivery(event: EventEnvelope): Job[] {
  return consumers[event.topic as Topic].map((consumer) => delivery(event, consumer));
}

/** The delivery of an event to one consumer; none where that does not consume its topic. */
export function deliveriesTo(event: EventEnvelope, consumer: ServiceName): Job[] {
  return consumers[event.topic as Topic].includes(consumer) ? [delivery(event, consumer)] : [];
}

function delivery(event: EventEnvelope, consumer: ServiceName): Job {
  const key = `${event.id}:${consumer}`;
  return { ...deliveryTask(consumer, event.topic as Topic), key, payload: event };
}

export function commandJob(service: ServiceName, command: Command): Job {
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

/** The tasks and queues of all deliveries, whose rows `addDeliveries` finds by their names. */
export async function createDeliveryTasks(client: pg.ClientBase): Promise<void> {
  await client.query(
    'INSERT INTO graphile_worker._private_tasks (identifier) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
    [allTasks],
  );
  await client.query(
    'INSERT INTO graphile_worker._private_job_queues (queue_name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
    [allQueues],
  );
}

/**
 * Puts deliveries on the bus in one statement, and tells their consumers alone: graphile-worker's own `add_job` takes four statements
 * for each job, and has the workers of every service look for it. A delivery with the same key stays as it is.
 */
export async function addDeliveries(
  database: Pick<pg.ClientBase, 'query'>,
  jobs: readonly Job[],
): Promise<void> {
  if (jobs.length === 0) return;
  await database.query(
    `WITH job AS (
       SELECT * FROM json_to_recordset($1) AS job (task text, key text, queue text, payload json)
     ), added AS (
       INSERT INTO graphile_worker._private_jobs (task_id, job_queue_id, payload, key, max_attempts)
       SELECT (SELECT id FROM graphile_worker._private_tasks WHERE identifier = job.task),
              (SELECT id FROM graphile_worker._private_job_queues WHERE queue_name = job.queue),
              job.payload, job.key, $2
       FROM job
       ON CONFLICT (key) DO NOTHING
     )
     SELECT pg_notify(channel, '') FROM unnest($3::text[]) AS channel`,
    [JSON.stringify(jobs), maximumAttempts, channelsOf(jobs)],
  );
}

function channelsOf(jobs: readonly Job[]): string[] {
  return [...new Set(jobs.map(({ task }) => deliveriesChannel(task.split(':', 1)[0] ?? task)))];
}

/**
 * A job with the same key becomes new; beside one that is being worked on another one is put. All jobs in one call, which
 * wakes the workers once.
 * @param priority a lower one goes first
 */
export async function replaceJobs(
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

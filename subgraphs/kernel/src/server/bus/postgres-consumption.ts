import { EventEmitter } from 'node:events';
import {
  Logger as WorkerLogger,
  run,
  type Runner,
  type Task,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import { command as commandContract } from '@fulfillment/schema/events/commands';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import type pg from 'pg';
import type { Logger } from '../logger.js';
import type { Consumption, Receiver } from './bus.js';
import { addDeliveries, deliveriesTo, type EventGroup } from './postgres-jobs.js';
import { commandTask, deliveriesChannel, handingOnTask, handsOn, togetherTask } from './postgres-tasks.js';
import { createWorkerLeases, type WorkerLeases } from './worker-leases.js';

const shortestPauseMs = 100;
const longestPauseMs = 30_000;
/** Workers that gave up get so long to end; some never do, when the database went away under them. */
const longestEndMs = 5_000;
/**
 * Idle workers look for jobs each second. graphile-worker keeps the failure of its very first look and then fails for ever without
 * giving up, and waits for minutes when the database is starting: those that found no answer for so long are left for others.
 */
const longestSilenceMs = 6_000;

export interface ConsumptionOptions {
  /** Deliveries at the same moment. */
  readonly concurrency: number;
  readonly logger: Logger;
}

/** Connections to the bus. */
export interface BusPools {
  readonly pool: pg.Pool;
  /** Its commits do not wait for the disk: where a crash loses what became of a delivery, it comes once more. */
  readonly workerPool: pg.Pool;
}

/** How jobs are fetched and worked on. */
interface Work {
  readonly consumer: ServiceName;
  readonly concurrency: number;
  /** So many are fetched at once. */
  readonly atOnce: number;
}

const severalAtOnce = 8;
/** A fetch of several takes several of one queue (graphile/worker#621), and all of them are worked on at once. */
const oneByOne = 1;

/** What waits in a queue is looked for so long after the job before it ended: its outcome is written by then. */
const nextOfQueueMs = 20;

/**
 * Delivers to one consumer until it is stopped. The workers get over a lost connection by themselves; where they give up
 * (a database that stays away), they are started anew, with longer and longer pauses.
 */
export async function consume(
  { pool, workerPool }: BusPools,
  consumer: ServiceName,
  receiver: Receiver,
  { concurrency, logger }: ConsumptionOptions,
): Promise<Consumption> {
  const leases = await createWorkerLeases(pool, logger);
  const deliver = telling(receiver.deliver, logger);
  const obey = telling((payload) => receiver.obey(commandContract.parse(payload)), logger);
  const start = (atOnce: number, taskList: TaskList) =>
    startWorkers(workerPool, leases, logger, { consumer, concurrency, atOnce }, taskList);
  const tasks = {
    [consumer]: deliver,
    [togetherTask(consumer)]: together(receiver, pool, consumer, logger),
    [commandTask(consumer)]: obey,
  };
  const started = [await start(severalAtOnce, tasks)];
  const stop = async () => {
    await Promise.all(started.map((workers) => workers.stop()));
    await leases.release();
  };
  if (handsOn(consumer)) {
    try {
      started.push(await start(oneByOne, { [handingOnTask(consumer)]: deliver }));
    } catch (error) {
      await stop();
      throw error;
    }
  }
  return { stop };
}

/**
 * Delivers a group of events together. Where that fails, or a process ended over it, each of them becomes a delivery by itself, so that
 * what cannot be taken in is retried, seen and set aside alone. These are on the bus before the group is done.
 */
function together({ deliverTogether }: Receiver, pool: pg.Pool, consumer: ServiceName, logger: Logger): Task {
  return async (payload, { job }) => {
    const { events } = payload as EventGroup;
    if (job.attempts === 1) {
      try {
        return await deliverTogether(events);
      } catch (error) {
        const told = { err: error, topic: events[0]?.topic, events: events.length };
        logger.warn(told, 'Events could not be taken in together; each is delivered by itself');
      }
    }
    await addDeliveries(
      pool,
      events.flatMap((event) => deliveriesTo(event, consumer)),
    );
  };
}

function startWorkers(
  pgPool: pg.Pool,
  leases: WorkerLeases,
  logger: Logger,
  { consumer, concurrency, atOnce }: Work,
  taskList: TaskList,
): Promise<Consumption> {
  const heard: WorkerEvents = new EventEmitter();
  let nudge = (): void => undefined;
  heard.on('pool:create', ({ workerPool }) => {
    leases.add(workerPool.id);
    nudge = () => workerPool.nudge(1);
  });
  listenForDeliveries(heard, deliveriesChannel(consumer));
  heard.on('localQueue:getJobs:complete', ({ jobs }) => jobs.forEach(({ id }) => leases.begun(id)));
  heard.on('localQueue:returnJobs', ({ jobs }) => jobs.forEach(({ id }) => leases.ended(id)));
  heard.on('job:complete', ({ job }) => {
    leases.ended(job.id);
    if (job.job_queue_id !== null) setTimeout(() => nudge(), nextOfQueueMs);
  });
  heard.on('job:failed', ({ job, error }) =>
    logger.error(
      { err: error, ...eventOf(job.payload), jobId: job.id, attempts: job.attempts },
      'A delivery became a dead letter',
    ),
  );
  return keepRunning(
    () =>
      run({
        pgPool,
        concurrency,
        noHandleSignals: true,
        pollInterval: 1_000,
        events: heard,
        logger: silentWorkerLogger,
        // Batches are what has graphile-worker write outcomes again after a lost connection; each waits no moment.
        preset: {
          worker: {
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
            localQueue: { size: atOnce },
          },
        },
        taskList,
      }),
    heard,
    logger,
  );
}

/** Has workers look for jobs when their consumer is told of some, over the connection on which they listen anyway. */
function listenForDeliveries(events: WorkerEvents, channel: string): void {
  // A connection that is lost is told of elsewhere, and another one listens after it.
  const ask = (client: pg.PoolClient, what: string) =>
    void client.query(`${what} "${channel}"`).catch(() => undefined);
  // After graphile-worker has asked for its own: a connection that was just opened takes no two questions at once.
  events.on('pool:listen:success', ({ client }) => void setImmediate(() => ask(client, 'LISTEN')));
  events.on('pool:listen:notification', ({ workerPool, message }) => {
    if (message.channel === channel) workerPool.nudge(1);
  });
  events.on('pool:listen:release', ({ client }) => ask(client, 'UNLISTEN'));
}

/** What the log says of an event that could not be taken in: which it is, and what caused it. */
function eventOf(payload: unknown) {
  const { id, topic, requestId, traceParent } = payload as Readonly<Record<string, string | undefined>>;
  return { eventId: id, topic, requestId, traceId: parseTraceParent(traceParent)?.traceId };
}

function telling(work: (payload: unknown) => Promise<void>, logger: Logger) {
  return async (payload: unknown) => {
    try {
      await work(payload);
    } catch (error) {
      logger.warn({ err: error, ...eventOf(payload) }, 'A delivery failed; it is retried');
      throw error;
    }
  };
}

/** Starts the workers, and again whenever they end by themselves. Rejects when they cannot start the first time. */
async function keepRunning(
  start: () => Promise<Runner>,
  events: WorkerEvents,
  logger: Logger,
): Promise<Consumption> {
  const state = { stopping: false, endPause: (): void => undefined };
  const running: { workers?: Runner } = {};
  // Workers that have ended by themselves refuse to be stopped.
  const end = async () => running.workers?.stop().catch(() => undefined);
  const endListening = whenSilent(events, () => void end());
  running.workers = await start();

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      state.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const startAgain = async (): Promise<void> => {
    for (let wait = shortestPauseMs; !state.stopping; wait = Math.min(2 * wait, longestPauseMs)) {
      await pause(wait);
      if (state.stopping) return;
      try {
        running.workers = await start();
        return;
      } catch (error) {
        logger.warn({ err: error }, 'The bus cannot be reached; it is tried again');
      }
    }
  };

  const watch = async () => {
    while (running.workers !== undefined && !state.stopping) {
      await endOf(running.workers, events);
      if (!state.stopping) logger.warn('The bus workers gave up; others are started');
      await startAgain();
    }
  };

  const watching = watch();
  return {
    async stop() {
      state.stopping = true;
      state.endPause();
      await end();
      await watching;
      endListening();
    },
  };
}

/**
 * Tells when idle workers have not found out for too long whether there is something for them.
 * @returns what ends the listening
 */
function whenSilent(events: WorkerEvents, tell: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const rest = () => clearTimeout(timer);
  const listen = () => {
    rest();
    timer = setTimeout(tell, longestSilenceMs);
  };
  events.on('localQueue:getJobs:complete', listen);
  events.on('localQueue:setMode', ({ newMode }) => {
    if (newMode === 'POLLING') listen();
    else rest();
  });
  return rest;
}

/** Resolves when the workers have ended, or have given up and do not end: they take nothing any more. */
function endOf(runner: Runner, events: WorkerEvents): Promise<void> {
  return new Promise((resolve) => {
    let patience: NodeJS.Timeout | undefined;
    const givenUp = () => {
      patience = setTimeout(resolve, longestEndMs);
    };
    events.once('pool:gracefulShutdown', givenUp);
    const ended = () => {
      events.off('pool:gracefulShutdown', givenUp);
      clearTimeout(patience);
      resolve();
    };
    runner.promise.then(ended, ended);
  });
}

/** Failures are logged above, with the event's id; graphile-worker's own lines would repeat them. */
export const silentWorkerLogger = new WorkerLogger(() => () => undefined);

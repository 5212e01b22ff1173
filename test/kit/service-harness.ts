import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Bus } from '@fulfillment/kernel/server/bus/bus';
import { connectPostgresBus } from '@fulfillment/kernel/server/bus/postgres-bus';
import { createLogger } from '@fulfillment/kernel/server/logger';
import type { PayloadOf } from '@fulfillment/kernel/server/messaging/outbox';
import type { ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import {
  startService,
  type RunningService,
  type ServiceOptions,
} from '@fulfillment/kernel/server/start-service';
import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { topics, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import pg from 'pg';
import { afterAll } from 'vitest';
import { cloneBus, cloneDatabase } from './postgres.js';
import { type GraphqlAnswer, postGraphql } from './post-graphql.js';
import { createViewerMint } from './viewers.js';

/** A service in this process, on databases of this test file. */
export interface ServiceHarness {
  readonly url: string;
  readonly databaseUrl: string;
  /** Asks the service as the gateway would on behalf of a viewer; without a viewer it sends no token. */
  query<Data = Record<string, unknown>>(
    viewer: Viewer | null,
    document: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphqlAnswer<Data>>;
  /**
   * Publishes an event as another service would, and waits until this service has taken it in (a fact that came too
   * early counts as taken in while it is held).
   * @throws with the handler's error when the delivery fails
   */
  deliver<T extends Topic>(topic: T, payload: PayloadOf<T>, event: EventPlace): Promise<EventEnvelope>;
  /** Waits until what the service has promised is published, and it has taken in what was sent to it or failed to. */
  settled(): Promise<void>;
  /** The bus, to see what failed and to have it sent again. */
  readonly bus: Pick<Bus, 'failed' | 'command'>;
  /** The statements that a request made, from its answer's `requestId`. */
  statements(requestId: string): readonly string[];
  /** Rows of the service's database. */
  rows<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** What the service has promised, in order: of one topic, or all. */
  promised(topic?: Topic): Promise<Pick<EventEnvelope, 'topic' | 'aggregateId' | 'sequence' | 'payload'>[]>;
}

/** What an event is about and its place there; the next number when `sequence` is left out. */
export interface EventPlace {
  readonly aggregateId: string;
  readonly sequence?: number;
  readonly occurredAt?: Date;
  /** To deliver the same event again. */
  readonly id?: string;
}

export interface HarnessOptions extends Pick<ServiceOptions, 'clock' | 'periodic'> {
  /** The package's own start function where it does more than `startService`. */
  readonly start?: (environment: ServiceEnvironment, options: ServiceOptions) => Promise<RunningService>;
}

/** Starts a service for the calling test file: call it at the top of the file; it stops when the file is done. */
export async function startServiceHarness<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
  options: HarnessOptions = {},
): Promise<ServiceHarness> {
  const [database, busDatabase, viewers] = [
    await cloneDatabase(definition),
    await cloneBus(),
    await createViewerMint(),
  ];
  const statements = new Map<string, string[]>();
  const environment: ServiceEnvironment = {
    HOST: '127.0.0.1',
    PORT: 0,
    DATABASE_URL: database.url,
    BUS_DATABASE_URL: busDatabase.url,
    VIEWER_JWKS: viewers.jwks,
    LOG_LEVEL: 'fatal',
    METRICS_HOST: '127.0.0.1',
    OTEL_TRACES_SAMPLER_ARG: 0,
  };
  const start = options.start ?? ((given, more) => startService(definition, given, more));
  const service = await start(environment, {
    ...(options.clock ? { clock: options.clock } : {}),
    periodic: options.periodic ?? true,
    onStatement: (statement, requestId) => {
      if (requestId === undefined) return;
      statements.set(requestId, [...(statements.get(requestId) ?? []), statement]);
    },
  });
  const bus = await connectPostgresBus({ url: busDatabase.url, logger: createLogger('test', 'silent') });
  const own = new pg.Pool({ connectionString: database.url, max: 2 });
  const busRows = new pg.Pool({ connectionString: busDatabase.url, max: 1 });
  afterAll(async () => {
    await service.close();
    await Promise.all([bus.close(), own.end(), busRows.end()]);
  });

  const lastSequences = new Map<string, number>();
  const place = <T extends Topic>(topic: T, payload: PayloadOf<T>, event: EventPlace): EventEnvelope => {
    const key = `${topic} ${event.aggregateId}`;
    const sequence = event.sequence ?? (lastSequences.get(key) ?? 0) + 1;
    lastSequences.set(key, Math.max(sequence, lastSequences.get(key) ?? 0));
    return {
      id: event.id ?? randomUUID(),
      topic,
      kind: topics[topic].kind,
      aggregateId: event.aggregateId,
      sequence,
      occurredAt: (event.occurredAt ?? new Date()).toISOString(),
      requestId: 'test-delivery',
      payload,
    };
  };

  return {
    url: service.url,
    databaseUrl: database.url,
    query: async (viewer, document, variables = {}) => {
      const token = viewer === null ? null : await viewers.mint(viewer);
      return postGraphql(`${service.url}/graphql`, token, document, variables);
    },
    deliver: async (topic, payload, event) => {
      const envelope = place(topic, payload, event);
      await bus.publish([envelope]);
      await untilTakenIn(definition.name, envelope, own, busRows);
      return envelope;
    },
    settled: () => untilSettled(definition.name, own, busRows),
    bus,
    statements: (requestId) => statements.get(requestId) ?? [],
    rows: async <Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []) =>
      (await own.query<Row>(statement, values)).rows,
    promised: async (topic) => {
      const { rows } = await own.query<{
        topic: string;
        aggregateId: string;
        sequence: number;
        payload: unknown;
      }>(
        `SELECT topic, aggregate_id AS "aggregateId", sequence, payload FROM outbox
         WHERE $1::text IS NULL OR topic = $1 ORDER BY position`,
        [topic ?? null],
      );
      return rows;
    },
  };
}

const patienceMilliseconds = 20_000;

async function untilSettled(service: ServiceName, own: pg.Pool, bus: pg.Pool): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds;
  while (performance.now() < deadline) {
    const unpublished = await own.query('SELECT FROM outbox WHERE published_at IS NULL LIMIT 1');
    const untried = await bus.query(
      `SELECT FROM graphile_worker.jobs
       WHERE split_part(task_identifier, ':', 1) = $1 AND (last_error IS NULL OR locked_at IS NOT NULL) LIMIT 1`,
      [service],
    );
    if (unpublished.rowCount === 0 && untried.rowCount === 0) return;
    await sleep(10);
  }
  throw new Error(`${service} did not settle within ${patienceMilliseconds} ms`);
}

async function untilTakenIn(
  consumer: ServiceName,
  event: EventEnvelope,
  own: pg.Pool,
  bus: pg.Pool,
): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds;
  while (performance.now() < deadline) {
    const job = await bus.query<{ last_error: string | null }>(
      'SELECT last_error FROM graphile_worker.jobs WHERE key = $1',
      [`${event.id}:${consumer}`],
    );
    const failure = job.rows[0]?.last_error;
    if (failure) throw new Error(`${consumer} could not take in ${event.topic}: ${failure}`);
    const inbox = await own.query('SELECT FROM inbox WHERE event_id = $1', [event.id]);
    // The job is gone once the delivery has ended: a repeated one is in the inbox before it has.
    if (inbox.rowCount === 1 && job.rowCount === 0) return;
    await sleep(10);
  }
  throw new Error(`${consumer} did not take in ${event.topic} within ${patienceMilliseconds} ms`);
}

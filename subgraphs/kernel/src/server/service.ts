import { randomUUID } from 'node:crypto';
import { type ServiceName, type Topic, topics } from '@fulfillment/schema/events/topics';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import type { DataSource, EntityManager, EntitySchema, MixedList } from 'typeorm';
import type { DestinationStream } from 'pino';
import type { Clock, TestClocks } from '../domain/clock.js';
import type { Viewer } from '../domain/viewer.js';
import type { Bus } from './bus/bus.js';
import { connectPostgresBus } from './bus/postgres-bus.js';
import { createCheckpoints, type ReachCheckpoint } from './checkpoint.js';
import { commonChores } from './chores.js';
import { createServiceClock, type ServiceClock } from './clock.js';
import { createDataSource, poolLevel, type StatementListener } from './data-source.js';
import type { ServiceEnvironment } from './environment.js';
import type { Freshness } from './freshness.js';
import { startGraphqlServer, type GraphqlResolvers } from './graphql/server.js';
import { idempotencyKeyEntity } from './idempotency.js';
import { createLogger, type Logger } from './logger.js';
import { asChange, type Changes, type ChangingEvent, createChanges } from './messaging/changes.js';
import {
  factSequenceEntity,
  inboxEntity,
  inboxHeldEntity,
  inboxPositionEntity,
  outboxEntity,
  projectionRebuildEntity,
  rebuildArrivalEntity,
} from './messaging/entities.js';
import {
  countHeld,
  type EventHandlers,
  type HandleHeld,
  handOn,
  type HandOn,
  takeIn,
} from './messaging/inbox.js';
import { MessagingTables1764000000000 } from './messaging/messaging-tables.js';
import { obey } from './messaging/obey.js';
import { createEventAppender, type EventAppender } from './messaging/outbox.js';
import { outboxBacklog } from './messaging/outbox-reads.js';
import { OutboxTraces1764000000900 } from './messaging/outbox-traces.js';
import type { Projections } from './messaging/projections.js';
import { RebuildTables1764000000500 } from './messaging/rebuild-tables.js';
import { type Publisher, startRelay } from './messaging/relay.js';
import { migrate } from './migrate.js';
import type { Page } from './pages.js';
import type { ObserveStatement } from './observed-client.js';
import { startPeriodic } from './periodic.js';
import { currentRequestId } from './request-scope.js';
import { observedPublisher } from './telemetry/observe-publisher.js';
import { type ServiceTelemetry, startTelemetry } from './telemetry/start-telemetry.js';
import { TestClockTables1764000000700 } from './test-clock-tables.js';
import { testClockEntity } from './test-clocks.js';
import { createGrantBoundary, type GrantBoundary } from './visibility/grant-boundary.js';
import { GrantIndices1764000000800 } from './visibility/grant-indices.js';
import { grantEntity } from './visibility/grants.js';

/** One transaction of a service: its rows and its events commit together or not at all. */
export interface TransactionScope {
  readonly manager: EntityManager;
  readonly events: EventAppender;
  /** Shows at once what the transaction sets through `testClocks`. */
  readonly clock: Clock;
  readonly testClocks: TestClocks;
}

/** Runs work in a transaction with the service's unit of work; events are published after the commit. */
export type RunTransaction<Work> = <T>(work: (unit: Work) => Promise<T>) => Promise<T>;

/** What a service is made of; `startService` turns it into a process. */
export interface ServiceDefinition<Work, Context extends object> {
  readonly name: ServiceName;
  readonly entities: readonly EntitySchema[];
  // TypeORM's own type for migration classes.
  readonly migrations: MixedList<Function>;
  readonly resolvers: GraphqlResolvers;
  readonly handlers: EventHandlers<Work>;
  /** What is done with an event before it is taken in, outside of the transaction. */
  readonly handOn?: HandOn<Work>;
  /** How to empty what is kept of each topic, so that it can be built again. */
  readonly projections: Projections;
  /** The stores and events that use cases work with inside a transaction. */
  readonly createUnitOfWork: (scope: TransactionScope) => Work;
  /** Runs after the migrations and before the first request; replicas may run it at the same moment. */
  readonly prepare?: (transaction: RunTransaction<Work>) => Promise<void>;
  /** What the service shows to browsers besides its graph. */
  readonly pages?: (transaction: RunTransaction<Work>) => readonly Page[];
  /** What the service does by itself, again and again. */
  readonly periodic?: readonly PeriodicWork<Work>[];
  /** What resolvers get with each request. */
  readonly createContext: (request: RequestScope<Work>) => Context;
}

/** Work that a service does by itself so long after each run of it has ended; replicas may do it at the same moment. */
export interface PeriodicWork<Work> {
  /** For traces and metrics: `dunning`. */
  readonly name: string;
  /** For the log, when a run fails: `What fell due could not be done`. */
  readonly failure: string;
  readonly milliseconds: number;
  readonly run: (transaction: RunTransaction<Work>, clock: Clock) => Promise<unknown>;
}

/** One GraphQL request, before the service adds its loaders and use cases. */
export interface RequestScope<Work> {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** The instant at which grants must hold, the same for the whole request. */
  readonly receivedAt: Date;
  readonly clock: Clock;
  /** Takes what loaders and resolvers know of how long the answer holds; without it nobody keeps the answer. */
  readonly freshness: Freshness;
  readonly logger: Logger;
  /** For reads outside a transaction. */
  readonly manager: EntityManager;
  readonly transaction: RunTransaction<Work>;
  /** What operations sees and asks for of deliveries. */
  readonly bus: Pick<Bus, 'failed' | 'board' | 'command'>;
}

export interface ServiceOptions {
  /** What tells the time where no test clock does; the machine's clock when it is left out. */
  readonly clock?: Clock;
  /** Tests: false leaves out the periodic work of the definition, so that only requests and events change rows. */
  readonly periodic?: boolean;
  /** Tests: told of every SQL statement with its request's id. */
  readonly onStatement?: StatementListener;
  /** Where log lines go; standard output when left out. */
  readonly logTo?: DestinationStream;
}

export interface RunningService {
  readonly name: ServiceName;
  readonly url: string;
  /** Where its metrics are; undefined where the environment names no port for them. */
  readonly metricsUrl: string | undefined;
  close(): Promise<void>;
}

/** The tables that every service has besides its own. */
export const kernelEntities: readonly EntitySchema[] = [
  outboxEntity,
  factSequenceEntity,
  inboxEntity,
  inboxPositionEntity,
  inboxHeldEntity,
  projectionRebuildEntity,
  rebuildArrivalEntity,
  idempotencyKeyEntity,
  grantEntity,
  testClockEntity,
] as EntitySchema[];

/** The migrations that make them. */
export const kernelMigrations = [
  MessagingTables1764000000000,
  RebuildTables1764000000500,
  TestClockTables1764000000700,
  GrantIndices1764000000800,
  OutboxTraces1764000000900,
];

/** The kernel's tables and a service's own. */
function entitiesOf({ entities }: Pick<ServiceDefinition<never, never>, 'entities'>): EntitySchema[] {
  return [...kernelEntities, ...entities];
}

function tablesOf(definition: Pick<ServiceDefinition<never, never>, 'entities'>): Set<string> {
  return new Set(entitiesOf(definition).flatMap(({ options }) => options.tableName ?? []));
}

/** The data source of a service: the kernel's tables and its own. */
export function serviceDataSource<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
  url: string,
  listeners: { readonly onStatement?: StatementListener; readonly observeStatement?: ObserveStatement } = {},
): DataSource {
  return createDataSource({
    url,
    applicationName: definition.name,
    entities: entitiesOf(definition),
    migrations: [...kernelMigrations, ...(definition.migrations as Function[])],
    ...listeners,
  });
}

/**
 * Starts a service: migrates its database, connects the bus, serves GraphQL and its probes, then takes events in.
 * What was started is stopped again when a later step fails.
 */
export async function startService<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
  environment: ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  const { name } = definition;
  const logger = createLogger(name, environment.LOG_LEVEL, options.logTo);
  const reach = createCheckpoints(environment.KILL_AT);
  const undo: (() => Promise<unknown>)[] = [];
  const stopAll = async () => {
    for (const stop of undo.splice(0).toReversed()) {
      await stop().catch((error: unknown) => logger.warn({ err: error }, 'Something did not stop cleanly'));
    }
  };

  try {
    const telemetry = await startTelemetry(name, environment, tablesOf(definition));
    undo.push(() => telemetry.stop());
    const { metrics, observe, observeStatement } = telemetry;
    const dataSource = serviceDataSource(definition, environment.DATABASE_URL, {
      ...(options.onStatement ? { onStatement: options.onStatement } : {}),
      ...(observeStatement ? { observeStatement } : {}),
    });
    await dataSource.initialize();
    undo.push(() => dataSource.destroy());
    await migrate(dataSource);
    const clock = createServiceClock(dataSource, options.clock);
    await clock.refresh();

    const bus = await connectPostgresBus({ url: environment.BUS_DATABASE_URL, logger });
    undo.push(() => bus.close());
    const changes = createChanges(name, bus);
    metrics?.watch({
      pool: () => poolLevel(dataSource),
      outbox: () => outboxBacklog(dataSource.manager),
      deliveries: () => bus.backlog(name),
      held: () => countHeld(dataSource.manager),
    });
    const publisher = observedPublisher(telling(bus, changes), telemetry);
    const relay = startRelay(dataSource, publisher, reach, logger);
    undo.push(() => relay.stop());

    const grants = createGrantBoundary(dataSource, clock);
    await grants.refresh();
    const wakeRelay = () => relay.wake();
    const parts = { definition, clock, reach, grants, changes, telemetry, logger, wakeRelay };
    const transaction = createTransactions(parts);
    await definition.prepare?.(transaction);
    const server = await startGraphqlServer<Context>({
      service: name,
      host: environment.HOST,
      port: environment.PORT,
      jwks: environment.VIEWER_JWKS,
      resolvers: definition.resolvers,
      pages: definition.pages?.(transaction) ?? [],
      logger,
      telemetry,
      isReady: async () => {
        await dataSource.query('SELECT 1');
      },
      now: () => clock.now(null),
      nextGrant: () => grants.next(),
      createContext: (viewer, requestId, receivedAt, freshness) =>
        definition.createContext({
          viewer,
          requestId,
          receivedAt,
          clock,
          freshness,
          logger,
          manager: dataSource.manager,
          transaction,
          bus,
        }),
    });
    undo.push(() => server.close());

    const consumption = await bus.consume(name, {
      deliver: (delivered) => takeInDelivery(parts, transaction, delivered),
      obey: (command) =>
        observe({ name: `obey ${command.kind}`, kind: 'consumer' }, () =>
          obey({ name, dataSource, bus, projections: definition.projections }, command),
        ),
    });
    undo.push(() => consumption.stop());
    const periodicWork = options.periodic === false ? [] : (definition.periodic ?? []);
    const chores = [
      ...commonChores({ dataSource, bus, clock, grants }),
      ...periodicWork.map(({ run, ...work }) => ({ ...work, run: () => run(transaction, clock) })),
    ];
    for (const chore of chores) {
      const periodic = startPeriodic(chore, {
        logger,
        observe,
        onRunEnd: (...ended) => metrics?.runEnded(...ended),
      });
      undo.push(() => periodic.stop());
    }

    logger.info({ event: 'ready', url: server.url }, `${name} is ready`);
    return { name, url: server.url, metricsUrl: telemetry.metricsUrl, close: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** What the transactions of a running service work with. */
interface ServiceParts<Work, Context extends object> {
  readonly definition: ServiceDefinition<Work, Context>;
  readonly clock: ServiceClock;
  readonly reach: ReachCheckpoint;
  readonly grants: GrantBoundary;
  readonly changes: Changes;
  readonly telemetry: ServiceTelemetry;
  readonly logger: Logger;
  readonly wakeRelay: () => void;
}

function createTransactions<Work, Context extends object>(
  parts: ServiceParts<Work, Context>,
): RunTransaction<Work> {
  const { definition, clock, reach, changes, logger, wakeRelay } = parts;
  return async (work) => {
    const requestId = currentRequestId() ?? randomUUID();
    const promised: ChangingEvent[] = [];
    const answer = await clock.transaction(async (scope) => {
      const events = createEventAppender(scope.manager, requestId, (event) => promised.push(event));
      const result = await work(definition.createUnitOfWork({ ...scope, events }));
      reach('use-case.before-commit');
      return result;
    });
    reach('use-case.after-commit');
    if (promised.length > 0) {
      // The relay tells again of what could not be told.
      changes.tell(promised).catch((error: unknown) => logger.warn({ err: error }, 'A change was not told'));
      wakeRelay();
    }
    return answer;
  };
}

/**
 * What a delivery changes is told before the delivery counts as done: one that crashes in between comes again. It goes on
 * with the trace of what caused it.
 */
async function takeInDelivery<Work, Context extends object>(
  parts: ServiceParts<Work, Context>,
  transaction: RunTransaction<Work>,
  delivered: unknown,
): Promise<void> {
  const { definition, clock, reach, grants, changes, telemetry, wakeRelay } = parts;
  const { metrics, observe } = telemetry;
  const observed = observedDelivery(delivered);
  const { topic, requestId } = observed;
  const onEnd = (failed: boolean, seconds: number) => metrics?.delivered(topic, failed, seconds);
  const asItsOwn: HandleHeld = (event, handled) => observe(observedDelivery(event), handled);
  await observe({ ...observed, onEnd }, async () => {
    if (definition.handOn) await handOn(definition.handOn, transaction, delivered);
    const promised: ChangingEvent[] = [];
    const taken = await clock.transaction(async (scope) => {
      const events = createEventAppender(scope.manager, requestId, (event) => promised.push(event));
      const work = definition.createUnitOfWork({ ...scope, events });
      const event = await takeIn(scope.manager, definition.handlers, work, delivered, asItsOwn);
      reach('inbox.before-commit');
      return event;
    });
    reach('inbox.after-commit');
    if (promised.length > 0) wakeRelay();
    if (taken.topic.endsWith('.grant')) await grants.refresh();
    await changes.tell([taken, ...promised]);
  });
}

/** A delivery as traces name it, before it was held to its contract. */
function observedDelivery(delivered: unknown) {
  const given = delivered as {
    readonly topic?: string;
    readonly requestId?: string;
    readonly traceParent?: string;
  };
  const topic = given.topic !== undefined && Object.hasOwn(topics, given.topic) ? given.topic : 'unknown';
  return {
    name: `process ${topic}`,
    kind: 'consumer',
    topic,
    requestId: given.requestId ?? randomUUID(),
    cause: parseTraceParent(given.traceParent),
    attributes: { 'messaging.operation.type': 'process', 'messaging.destination.name': topic },
  } as const;
}

/** Publishes for the relay, and tells of what no process has told of yet. */
function telling(bus: Bus, changes: Changes): Publisher {
  return {
    async publish(events) {
      await bus.publish(events);
      await changes.tellUntold(events.map(asChange));
    },
  };
}

/** The topics that a service handles: a test holds them against `consumers` in `schema/events/topics.ts`. */
export function handledTopics(definition: { readonly handlers: object }): Topic[] {
  return Object.keys(definition.handlers) as Topic[];
}

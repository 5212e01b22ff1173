import { randomUUID } from 'node:crypto';
import type { ServiceName, Topic } from '@fulfillment/schema/events/topics';
import type { DataSource, EntityManager, EntitySchema, MixedList } from 'typeorm';
import type { Clock, TestClocks } from '../domain/clock.js';
import type { Viewer } from '../domain/viewer.js';
import type { Bus } from './bus/bus.js';
import { connectPostgresBus } from './bus/postgres-bus.js';
import { createCheckpoints, type ReachCheckpoint } from './checkpoint.js';
import { createServiceClock, type ServiceClock } from './clock.js';
import { createDataSource, type StatementListener } from './data-source.js';
import type { ServiceEnvironment } from './environment.js';
import type { Freshness } from './freshness.js';
import { startGraphqlServer, type GraphqlResolvers } from './graphql/server.js';
import { forgetOldAnswers, idempotencyKeyEntity } from './idempotency.js';
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
import { takeIn, type EventHandlers } from './messaging/inbox.js';
import { MessagingTables1764000000000 } from './messaging/messaging-tables.js';
import { obey } from './messaging/obey.js';
import { createEventAppender, type EventAppender } from './messaging/outbox.js';
import type { Projections } from './messaging/projections.js';
import { reportRebuilds } from './messaging/rebuild.js';
import { RebuildTables1764000000500 } from './messaging/rebuild-tables.js';
import { type Publisher, startRelay } from './messaging/relay.js';
import { migrate } from './migrate.js';
import type { Page } from './pages.js';
import { startPeriodic } from './periodic.js';
import { currentRequestId, inRequestScope } from './request-scope.js';
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
}

export interface RunningService {
  readonly name: ServiceName;
  readonly url: string;
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
];

const everySecond = 1_000;
const everyHour = 3_600_000;

/** The data source of a service: the kernel's tables and its own. */
export function serviceDataSource<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
  url: string,
  onStatement?: StatementListener,
): DataSource {
  return createDataSource({
    url,
    applicationName: definition.name,
    entities: [...kernelEntities, ...definition.entities],
    migrations: [...kernelMigrations, ...(definition.migrations as Function[])],
    onStatement,
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
  const logger = createLogger(name, environment.LOG_LEVEL);
  const reach = createCheckpoints(environment.KILL_AT);
  const undo: (() => Promise<unknown>)[] = [];
  const stopAll = async () => {
    for (const stop of undo.splice(0).toReversed()) {
      await stop().catch((error: unknown) => logger.warn({ err: error }, 'Something did not stop cleanly'));
    }
  };

  try {
    const dataSource = serviceDataSource(definition, environment.DATABASE_URL, options.onStatement);
    await dataSource.initialize();
    undo.push(() => dataSource.destroy());
    await migrate(dataSource);
    const clock = createServiceClock(dataSource, options.clock);
    await clock.refresh();

    const bus = await connectPostgresBus({ url: environment.BUS_DATABASE_URL, logger });
    undo.push(() => bus.close());
    const changes = createChanges(name, bus);
    const relay = startRelay(dataSource, telling(bus, changes), reach, logger);
    undo.push(() => relay.stop());

    const grants = createGrantBoundary(dataSource, clock);
    await grants.refresh();
    const parts = { definition, clock, reach, grants, changes, logger, wakeRelay: () => relay.wake() };
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
      deliver: (delivered) => takeInDelivery(parts, delivered),
      obey: (command) => obey({ name, dataSource, bus, projections: definition.projections }, command),
    });
    undo.push(() => consumption.stop());
    const periodicWork = options.periodic === false ? [] : (definition.periodic ?? []);
    undo.push(...startChores(dataSource, bus, clock, grants, logger));
    for (const { failure, milliseconds, run } of periodicWork) {
      const chore = startPeriodic(failure, milliseconds, () => run(transaction, clock), logger);
      undo.push(() => chore.stop());
    }

    logger.info({ event: 'ready', url: server.url }, `${name} is ready`);
    return { name, url: server.url, close: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** What every service does from time to time; gives what stops it. */
function startChores(
  dataSource: DataSource,
  bus: Bus,
  clock: ServiceClock,
  grants: GrantBoundary,
  logger: Logger,
): (() => Promise<void>)[] {
  const chores = [
    startPeriodic('Test clocks could not be read', everySecond, () => clock.refresh(), logger),
    startPeriodic('Ends of grants could not be read', everySecond, () => grants.refresh(), logger),
    startPeriodic(
      'How far rebuilds are could not be told',
      everySecond,
      () => reportRebuilds(dataSource, bus.board),
      logger,
    ),
    startPeriodic(
      'Old answers could not be forgotten',
      everyHour,
      () => forgetOldAnswers(dataSource.manager),
      logger,
    ),
  ];
  return chores.map((chore) => () => chore.stop());
}

/** What the transactions of a running service work with. */
interface ServiceParts<Work, Context extends object> {
  readonly definition: ServiceDefinition<Work, Context>;
  readonly clock: ServiceClock;
  readonly reach: ReachCheckpoint;
  readonly grants: GrantBoundary;
  readonly changes: Changes;
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

/** What a delivery changes is told before the delivery counts as done: one that crashes in between comes again. */
async function takeInDelivery<Work, Context extends object>(
  parts: ServiceParts<Work, Context>,
  delivered: unknown,
): Promise<void> {
  const { definition, clock, reach, grants, changes, wakeRelay } = parts;
  const requestId = (delivered as { requestId?: string }).requestId ?? randomUUID();
  await inRequestScope({ requestId }, async () => {
    const promised: ChangingEvent[] = [];
    const taken = await clock.transaction(async (scope) => {
      const events = createEventAppender(scope.manager, requestId, (event) => promised.push(event));
      const work = definition.createUnitOfWork({ ...scope, events });
      const event = await takeIn(scope.manager, definition.handlers, work, delivered);
      reach('inbox.before-commit');
      return event;
    });
    reach('inbox.after-commit');
    if (promised.length > 0) wakeRelay();
    if (taken.topic.endsWith('.grant')) await grants.refresh();
    await changes.tell([taken, ...promised]);
  });
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

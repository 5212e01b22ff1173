import type { ServiceName } from '@fulfillment/schema/events/topics';
import type { DestinationStream } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { Bus } from './bus/bus.js';
import { connectPostgresBus } from './bus/postgres-bus.js';
import { createCheckpoints, type ReachCheckpoint } from './checkpoint.js';
import { commonChores } from './chores.js';
import { createServiceClock, type ServiceClock } from './clock.js';
import { poolLevel, type ServiceDataSource, type StatementListener } from './data-source.js';
import { takeInDelivery, takeInGroup } from './deliveries.js';
import type { OnSetAside } from './due-work.js';
import type { ServiceEnvironment } from './environment.js';
import { startGraphqlServer } from './graphql/server.js';
import { createLogger, type Logger } from './logger.js';
import { asChange, type Changes, createChanges } from './messaging/changes.js';
import { countHeld } from './messaging/inbox.js';
import { obey } from './messaging/obey.js';
import { outboxBacklog } from './messaging/outbox-reads.js';
import { type Publisher, startRelay } from './messaging/relay.js';
import { migrate } from './migrate.js';
import { startPeriodic } from './periodic.js';
import { inRequestScope } from './request-scope.js';
import type { RunTransaction, ServiceDefinition } from './service-definition.js';
import { serviceDataSource, tablesOf } from './service-tables.js';
import { observedPublisher } from './telemetry/observe-publisher.js';
import { type ServiceTelemetry, startTelemetry } from './telemetry/start-telemetry.js';
import { createTransactions } from './transactions.js';
import { createGrantBoundary, type GrantBoundary } from './visibility/grant-boundary.js';

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
  const started = new StartedParts(logger);
  try {
    const parts = await startParts(definition, environment, options, logger, started);
    const transaction = createTransactions(parts);
    await definition.prepare?.(transaction);
    const server = await serve(parts, transaction, environment);
    started.add(() => server.close());
    const consumption = await consume(parts, transaction);
    started.add(() => consumption.stop());
    for (const periodic of startChores(parts, transaction, options)) started.add(() => periodic.stop());

    logger.info({ event: 'ready', url: server.url }, `${name} is ready`);
    const { metricsUrl } = parts.telemetry;
    return { name, url: server.url, metricsUrl, close: () => started.stopAll() };
  } catch (error) {
    await started.stopAll();
    throw error;
  }
}

/** What was started so far, to be stopped in the opposite order. */
class StartedParts {
  readonly #stops: (() => Promise<unknown>)[] = [];

  constructor(private readonly logger: Logger) {}

  add(stop: () => Promise<unknown>): void {
    this.#stops.push(stop);
  }

  async stopAll(): Promise<void> {
    for (const stop of this.#stops.splice(0).toReversed()) {
      await stop().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Something did not stop cleanly'),
      );
    }
  }
}

/** What requests, deliveries and periodic work of a running service share. */
interface ServiceParts<Work, Context extends object> {
  readonly definition: ServiceDefinition<Work, Context>;
  readonly dataSource: ServiceDataSource;
  readonly bus: Bus;
  readonly clock: ServiceClock;
  readonly reach: ReachCheckpoint;
  readonly grants: GrantBoundary;
  readonly changes: Changes;
  readonly telemetry: ServiceTelemetry;
  readonly logger: Logger;
  readonly wakeRelay: () => void;
}

async function startParts<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
  environment: ServiceEnvironment,
  options: ServiceOptions,
  logger: Logger,
  started: StartedParts,
): Promise<ServiceParts<Work, Context>> {
  const telemetry = await startTelemetry(definition.name, environment, tablesOf(definition));
  started.add(() => telemetry.stop());
  const { observeStatement } = telemetry;
  const dataSource = serviceDataSource(definition, environment.DATABASE_URL, {
    ...(options.onStatement ? { onStatement: options.onStatement } : {}),
    ...(observeStatement ? { observeStatement } : {}),
  });
  await dataSource.initialize();
  started.add(() => dataSource.destroy());
  await migrate(dataSource);
  const clock = createServiceClock(dataSource, options.clock);
  await clock.refresh();

  const bus = await connectPostgresBus({ url: environment.BUS_DATABASE_URL, logger });
  started.add(() => bus.close());
  telemetry.metrics?.watch({
    pool: () => poolLevel(dataSource),
    outbox: () => outboxBacklog(dataSource.manager),
    deliveries: () => bus.backlog(definition.name),
    held: () => countHeld(dataSource.manager),
  });
  const changes = createChanges(definition.name, bus);
  const reach = createCheckpoints(environment.KILL_AT);
  const relay = startRelay(dataSource, observedPublisher(telling(bus, changes), telemetry), reach, logger);
  started.add(() => relay.stop());
  const wakeRelay = () => relay.wake();

  const grants = createGrantBoundary(dataSource, clock);
  await grants.refresh();
  return { definition, dataSource, bus, clock, reach, grants, changes, telemetry, logger, wakeRelay };
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

/** Serves the service's graph and pages. */
function serve<Work, Context extends object>(
  parts: ServiceParts<Work, Context>,
  transaction: RunTransaction<Work>,
  environment: ServiceEnvironment,
) {
  const { definition, dataSource, bus, clock, grants, telemetry, logger } = parts;
  return startGraphqlServer<Context>({
    service: definition.name,
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
    createContext: (viewer, scope, receivedAt, freshness) =>
      definition.createContext({
        viewer,
        requestId: scope.requestId,
        receivedAt,
        clock,
        freshness,
        logger,
        manager: dataSource.managerOf(scope),
        transaction: (work) => inRequestScope(scope, () => transaction(work)),
        bus,
      }),
  });
}

/** Takes in what other services tell, and obeys what operations asks for. */
function consume<Work, Context extends object>(
  parts: ServiceParts<Work, Context>,
  transaction: RunTransaction<Work>,
) {
  const { dataSource, bus, telemetry } = parts;
  const { name, projections } = parts.definition;
  return bus.consume(name, {
    deliver: (delivered) => takeInDelivery(parts, transaction, delivered),
    deliverTogether: (delivered) => takeInGroup(parts, delivered),
    obey: (command) =>
      telemetry.observe({ name: `obey ${command.kind}`, kind: 'consumer' }, () =>
        obey({ name, dataSource, bus, projections }, command),
      ),
  });
}

/** Begins what every service does from time to time, and what this one does. */
function startChores<Work, Context extends object>(
  parts: ServiceParts<Work, Context>,
  transaction: RunTransaction<Work>,
  options: ServiceOptions,
) {
  const { definition, clock, logger } = parts;
  const { observe, metrics } = parts.telemetry;
  const onSetAside: OnSetAside = (things, cause) => {
    for (const { kind } of things) metrics?.setAside(kind);
    logger.warn(
      { err: cause, kinds: [...new Set(things.map(({ kind }) => kind))], count: things.length },
      'What fell due failed; each of it is tried alone',
    );
  };
  const ownWork = options.periodic === false ? [] : (definition.periodic ?? []);
  const chores = [
    ...commonChores(parts),
    ...ownWork.map(({ run, ...work }) => ({ ...work, run: () => run({ transaction, clock, onSetAside }) })),
  ];
  return chores.map((chore) =>
    startPeriodic(chore, { logger, observe, onRunEnd: (...ended) => metrics?.runEnded(...ended) }),
  );
}

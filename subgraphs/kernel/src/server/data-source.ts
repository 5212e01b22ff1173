import { DataSource, type EntitySchema, type Logger as TypeOrmLogger, type MixedList } from 'typeorm';
import pg from 'pg';
import { CancellableClient } from './cancellable-client.js';
import { observedClient, type ObserveStatement } from './observed-client.js';
import { currentRequestId } from './request-scope.js';

/** Called with every statement that reaches the database; `requestId` is undefined outside a request. */
export type StatementListener = (statement: string, requestId: string | undefined) => void;

export interface DataSourceOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly entities: EntitySchema[];
  // TypeORM's own type for migration classes.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
  readonly migrations: MixedList<Function>;
  readonly onStatement?: StatementListener | undefined;
  /** Told of each statement's begin and end, for traces and metrics. */
  readonly observeStatement?: ObserveStatement | undefined;
  readonly poolSize?: number;
}

/** Calendar days stay strings: a Date would move them by the server's time zone. */
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** One service's connection pool and entities. Never synchronizes the schema: migrations alone change it. */
export function createDataSource(options: DataSourceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    entities: options.entities,
    migrations: options.migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: 5_000,
    // Cursors carry instants as text: they read the same whatever the server's own time zone.
    extra: {
      options: '-c TimeZone=UTC',
      Client: options.observeStatement ? observedClient(options.observeStatement) : CancellableClient,
    },
    ...(options.onStatement ? { logging: ['query'], logger: statementLogger(options.onStatement) } : {}),
  });
}

/** How many connections of a data source are used, and how many wait for one. */
export function poolLevel({ driver }: DataSource): {
  readonly used: number;
  readonly idle: number;
  readonly limit: number;
  readonly waiting: number;
} {
  const { master: pool } = driver as unknown as { readonly master: pg.Pool };
  const { totalCount, idleCount: idle, waitingCount: waiting, options } = pool;
  return { used: totalCount - idle, idle, limit: options.max, waiting };
}

function statementLogger(listener: StatementListener): TypeOrmLogger {
  const nothing = () => undefined;
  return {
    logQuery: (statement) => listener(statement, currentRequestId()),
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
}

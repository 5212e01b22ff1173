import {
  DataSource,
  type EntityManager,
  type EntitySchema,
  type Logger as TypeOrmLogger,
  type MixedList,
  QueryFailedError,
  type QueryRunner,
} from 'typeorm';
import pg from 'pg';
import { CancellableClient } from './cancellable-client.js';
import { observedClient, type ObserveStatement } from './observed-client.js';
import { currentRequestId, currentScope, type RequestScope } from './request-scope.js';

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

const usualPoolSize = 10;
/** So many connections stay: opening one and preparing its first statements takes longer than a page load. */
const keptOpen = 4;
const idleForMs = 60_000;

/** Calendar days stay strings: a Date would move them by the server's time zone. */
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/**
 * One service's connection pool and entities. A statement outside of a transaction goes to a connection of the pool by the
 * shortest way.
 */
export class ServiceDataSource extends DataSource {
  readonly #onStatement: StatementListener | undefined;

  /** Never synchronizes the schema: migrations alone change it. */
  constructor(options: DataSourceOptions) {
    const { poolSize = usualPoolSize } = options;
    super({
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      entities: options.entities,
      migrations: options.migrations,
      migrationsTransactionMode: 'each',
      synchronize: false,
      poolSize,
      connectTimeoutMS: 5_000,
      // Cursors carry instants as text: they read the same whatever the server's own time zone.
      extra: {
        options: '-c TimeZone=UTC',
        min: Math.min(keptOpen, poolSize),
        idleTimeoutMillis: idleForMs,
        pipeline: true,
        Client: options.observeStatement ? observedClient(options.observeStatement) : CancellableClient,
      },
      ...(options.onStatement ? { logging: ['query'], logger: statementLogger(options.onStatement) } : {}),
    });
    this.#onStatement = options.onStatement;
  }

  /**
   * The manager of a request: what is asked of it outside of a transaction is asked for the request, wherever that is done.
   */
  managerOf(scope: RequestScope): EntityManager {
    const manager = Object.create(this.manager) as EntityManager;
    manager.query = <Rows>(text: string, values?: unknown[]) =>
      this.#ask(scope, text, values) as Promise<Rows>;
    return manager;
  }

  // As TypeORM declares it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query<Rows = any>(text: string, values?: unknown[], runner?: QueryRunner): Promise<Rows> {
    if (runner !== undefined) return super.query<Rows>(text, values, runner);
    return this.#ask(currentScope(), text, values) as Promise<Rows>;
  }

  /** @returns the rows; of an update or deletion these and their number, as TypeORM has it */
  async #ask(scope: RequestScope | undefined, text: string, values: unknown[] | undefined): Promise<unknown> {
    const client = await poolOf(this).connect();
    this.#onStatement?.(text, scope?.requestId);
    try {
      const { command, rows, rowCount } = await (client as unknown as CancellableClient).ask(
        scope,
        text,
        values,
      );
      return command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
    } catch (error) {
      throw new QueryFailedError(text, values, error as Error);
    } finally {
      client.release();
    }
  }
}

export function createDataSource(options: DataSourceOptions): ServiceDataSource {
  return new ServiceDataSource(options);
}

function poolOf({ driver }: DataSource): pg.Pool {
  return (driver as unknown as { readonly master: pg.Pool }).master;
}

/** How many connections of a data source are used, and how many wait for one. */
export function poolLevel(dataSource: DataSource): {
  readonly used: number;
  readonly idle: number;
  readonly limit: number;
  readonly waiting: number;
} {
  const { totalCount, idleCount: idle, waitingCount: waiting, options } = poolOf(dataSource);
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

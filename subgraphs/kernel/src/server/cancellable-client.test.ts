import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { afterAll, expect, test } from 'vitest';
import { createDataSource } from './data-source.js';
import { RequestCancellation, RequestCancelled } from './request-cancellation.js';
import { inRequestScope } from './request-scope.js';

const database = await createEmptyDatabase();
const watching = new pg.Client({ connectionString: database.url });
await watching.connect();
afterAll(() => watching.end());

/** One connection, so that whoever comes next gets the same. */
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'cancelled',
  entities: [],
  migrations: [],
  poolSize: 1,
}).initialize();
afterAll(() => dataSource.destroy());

async function running(): Promise<string[]> {
  const { rows } = await watching.query<{ query: string }>(
    "SELECT query FROM pg_stat_activity WHERE application_name = 'cancelled' AND state <> 'idle'",
  );
  return rows.map(({ query }) => query);
}

const longStatement = 'SELECT pg_sleep(60)';
const backend = async (): Promise<number> => {
  const [row] = await dataSource.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
  return row?.pid ?? 0;
};

/** What is done for a request that may be given up from its beginning. */
function inRequest<T>(work: (cancellation: RequestCancellation) => Promise<T>) {
  const cancellation = new RequestCancellation();
  cancellation.allow();
  const outcome = inRequestScope({ requestId: 'request-1', cancellation }, () => work(cancellation)).then(
    () => 'answered',
    (error: { driverError?: unknown }) => error.driverError ?? error,
  );
  return { cancellation, outcome };
}

test('a statement ends when its request is given up, and its connection serves the next one', async () => {
  const before = await backend();
  const { cancellation, outcome } = inRequest(() => dataSource.query(longStatement));
  await expect.poll(running).toEqual([longStatement]);
  cancellation.cancel('CLIENT_GONE');
  expect(await outcome).toEqual(new RequestCancelled('CLIENT_GONE'));
  await expect.poll(running).toEqual([]);
  expect(await backend()).toBe(before);
});

test('a cancel request that comes before the statement has begun is sent again', async () => {
  const { cancellation, outcome } = inRequest(async () => dataSource.query(longStatement));
  // The connection is being taken from the pool: the statement is sent right after.
  setImmediate(() => cancellation.cancel('DEADLINE_EXCEEDED'));
  expect(await outcome).toEqual(new RequestCancelled('DEADLINE_EXCEEDED'));
  await expect.poll(running).toEqual([]);
});

test('a request that was given up begins no statement', async () => {
  const { outcome } = inRequest(async (cancellation) => {
    cancellation.cancel('CLIENT_GONE');
    await dataSource.query('CREATE TABLE never_made ()');
  });
  expect(await outcome).toEqual(new RequestCancelled('CLIENT_GONE'));
  expect(await dataSource.query("SELECT to_regclass('never_made') AS made")).toEqual([{ made: null }]);
});

test('a transaction is rolled back, and its connection serves the next one', async () => {
  const { cancellation, outcome } = inRequest(() =>
    dataSource.transaction(async (manager: EntityManager) => {
      await manager.query('CREATE TABLE taken_back ()');
      await manager.query(longStatement);
    }),
  );
  await expect.poll(running).toEqual([longStatement]);
  cancellation.cancel('CLIENT_GONE');
  expect(await outcome).toEqual(new RequestCancelled('CLIENT_GONE'));
  expect(await dataSource.query("SELECT to_regclass('taken_back') AS made")).toEqual([{ made: null }]);
});

test('what may change something goes on, whoever has left', async () => {
  const cancellation = new RequestCancellation();
  const outcome = inRequestScope({ requestId: 'request-2', cancellation }, async () => {
    await dataSource.query('SELECT pg_sleep(0.3)');
    return 'done';
  });
  await expect.poll(running).toEqual(['SELECT pg_sleep(0.3)']);
  cancellation.cancel('CLIENT_GONE');
  expect(await outcome).toBe('done');
});

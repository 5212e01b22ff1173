import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import sql from 'sql-template-tag';
import type { DataSource, EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createServiceClock } from './clock.js';
import { createDataSource } from './data-source.js';
import { RequestCancellation } from './request-cancellation.js';
import { inRequestScope } from './request-scope.js';

const database = await createEmptyDatabase();
const sent: string[] = [];
let dataSource: DataSource;
const others = new pg.Client({ connectionString: database.url });

beforeAll(async () => {
  dataSource = await createDataSource({
    url: database.url,
    applicationName: 'last-writes',
    entities: [],
    migrations: [],
    poolSize: 1,
    onStatement: (statement) => sent.push(statement),
  }).initialize();
  await others.connect();
  await others.query(
    `CREATE TABLE item (id integer PRIMARY KEY);
     CREATE TABLE later (id integer REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)`,
  );
});
afterAll(async () => {
  await dataSource.destroy();
  await others.end();
});
beforeEach(async () => {
  await others.query('TRUNCATE item, later');
  sent.length = 0;
});

const clock = () => createServiceClock(dataSource);
const insert = (manager: EntityManager, id: number) =>
  manager.query('INSERT INTO item (id) VALUES ($1)', [id]);
const items = async () =>
  (await others.query<{ id: number }>('SELECT id FROM item ORDER BY id')).rows.map(({ id }) => id);

it('writes what was left in one statement, after all work and before the end', async () => {
  const answer = await clock().transaction(async ({ manager, lastWrites }) => {
    lastWrites.add(async () => sql`INSERT INTO item (id) VALUES (2)`);
    lastWrites.add(async () => null);
    lastWrites.add(async () => sql`INSERT INTO item (id) VALUES (3)`);
    await insert(manager, 1);
    return 'done';
  });
  expect(answer).toBe('done');
  expect(await items()).toEqual([1, 2, 3]);
  const ofTransaction = sent.filter((statement) => /^(START|INSERT|WITH|COMMIT)/.test(statement));
  expect(ofTransaction.map((statement) => statement.split(' ')[0])).toEqual([
    'START',
    'INSERT',
    'WITH',
    'COMMIT',
  ]);
});

it('keeps nothing of a transaction whose last write fails, and says why', async () => {
  for (let times = 0; times < 20; times += 1) {
    const failing = clock().transaction(async ({ manager, lastWrites }) => {
      await insert(manager, 1);
      lastWrites.add(async () => sql`INSERT INTO item (id) VALUES (1)`);
    });
    await expect(failing).rejects.toThrow(/duplicate key/);
  }
  expect(await items()).toEqual([]);
  await clock().transaction(({ manager }) => insert(manager, 4));
  expect(await items()).toEqual([4]);
});

it('keeps nothing of a transaction whose last write cannot be sent, and says why', async () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  const failing = clock().transaction(async ({ manager, lastWrites }) => {
    await insert(manager, 1);
    lastWrites.add(async () => sql`INSERT INTO item (id) SELECT 2 WHERE ${circular}::json IS NOT NULL`);
  });
  await expect(failing).rejects.toThrow(/circular/);
  expect(await items()).toEqual([]);
  await clock().transaction(({ manager }) => insert(manager, 4));
  expect(await items()).toEqual([4]);
});

it('keeps nothing of a transaction that is given up before its last write', async () => {
  const cancellation = new RequestCancellation();
  cancellation.allow();
  const failing = inRequestScope({ cancellation }, () =>
    clock().transaction(async ({ manager, lastWrites }) => {
      await insert(manager, 1);
      lastWrites.add(async () => {
        cancellation.cancel('CLIENT_GONE');
        return sql`INSERT INTO item (id) VALUES (2)`;
      });
    }),
  );
  await expect(failing).rejects.toThrow('The client is gone');
  expect(await items()).toEqual([]);
});

it('goes on with another connection where one is lost with the first statement of a transaction, or the last', async () => {
  const die = 'INSERT INTO item (id) SELECT 2 FROM pg_terminate_backend(pg_backend_pid())';
  await expect(clock().transaction(({ manager }) => manager.query(die))).rejects.toThrow(/terminat/);
  const failing = clock().transaction(async ({ manager, lastWrites }) => {
    await insert(manager, 1);
    lastWrites.add(async () => sql([die]));
  });
  await expect(failing).rejects.toThrow(/terminat/);
  await clock().transaction(({ manager }) => insert(manager, 4));
  expect(await items()).toEqual([4]);
});

it('keeps nothing where the database refuses the end', async () => {
  const failing = clock().transaction(async ({ manager, lastWrites }) => {
    await insert(manager, 1);
    lastWrites.add(async () => sql`INSERT INTO later (id) VALUES (9)`);
  });
  await expect(failing).rejects.toThrow(/foreign key/);
  expect(await items()).toEqual([]);
});

it('begins no transaction that does nothing, and fails one whose first statement does', async () => {
  const status = async () =>
    (await others.query("SELECT xact_start FROM pg_stat_activity WHERE application_name = 'last-writes'"))
      .rows;
  await clock().transaction(async () => {
    expect(await status()).toEqual([{ xact_start: null }]);
  });
  await expect(clock().transaction(({ manager }) => manager.query('SELECT no_such_column'))).rejects.toThrow(
    /no_such_column/,
  );
  await clock().transaction(async ({ manager }) => {
    await insert(manager, 1);
    expect(await status()).toEqual([{ xact_start: expect.any(Date) }]);
    expect(await items()).toEqual([]);
  });
  expect(await items()).toEqual([1]);
  expect(await status()).toEqual([{ xact_start: null }]);
});

it('keeps statements that are sent at the same moment in their order, and apart', async () => {
  const rows = await clock().transaction(({ manager }) =>
    Promise.all(Array.from({ length: 10 }, (_, index) => manager.query('SELECT $1::int AS n', [index]))),
  );
  expect(rows.flat().map(({ n }: { n: number }) => n)).toEqual(
    Array.from({ length: 10 }, (_, index) => index),
  );
});

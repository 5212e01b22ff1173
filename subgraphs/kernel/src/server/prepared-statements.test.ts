import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createServiceClock } from './clock.js';
import { createDataSource } from './data-source.js';
import { PreparedStatements } from './prepared-statements.js';

const database = await createEmptyDatabase();

/** One connection, so that every statement meets what the one before has left. */
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'prepared',
  entities: [],
  migrations: [],
  poolSize: 1,
}).initialize();
afterAll(() => dataSource.destroy());

let texts = 0;
/** A statement that no test before has sent. */
let read: string;

beforeEach(async () => {
  await dataSource.query('DROP TABLE IF EXISTS item');
  await dataSource.query('CREATE TABLE item AS SELECT 1 AS id');
  texts += 1;
  read = `SELECT * FROM item WHERE id = $1 AND ${texts} = ${texts}`;
});

async function isPrepared(): Promise<boolean> {
  const rows = await dataSource.query<{ statement: string }[]>(
    'SELECT statement FROM pg_prepared_statements',
  );
  return rows.some(({ statement }) => statement === read);
}

test('a read that comes again is prepared, and answers for other values', async () => {
  expect(await dataSource.query(read, [1])).toEqual([{ id: 1 }]);
  expect(await isPrepared()).toBe(false);
  expect(await dataSource.query(read, [1])).toEqual([{ id: 1 }]);
  expect(await isPrepared()).toBe(true);
  expect(await dataSource.query(read, [2])).toEqual([]);
});

test('a read goes on when a migration gives its table another form', async () => {
  for (let times = 0; times < 3; times += 1) await dataSource.query(read, [1]);
  await dataSource.query("ALTER TABLE item ADD COLUMN name text DEFAULT 'seat'");
  for (let times = 0; times < 3; times += 1) {
    expect(await dataSource.query(read, [1])).toEqual([{ id: 1, name: 'seat' }]);
  }
});

test('a read goes on when its name is lost', async () => {
  for (let times = 0; times < 3; times += 1) await dataSource.query(read, [1]);
  await dataSource.query('DEALLOCATE ALL');
  expect(await dataSource.query(read, [1])).toEqual([{ id: 1 }]);
});

test('a transaction whose plans were lost is run again, as if nothing had happened', async () => {
  const clock = createServiceClock(dataSource);
  const write = `INSERT INTO item (id) SELECT $1::integer WHERE ${texts} = ${texts} RETURNING *`;
  const work = async (id: number) =>
    clock.transaction(async ({ manager }) => [
      await manager.query<object[]>(write, [id]),
      await manager.query<object[]>(read, [1]),
    ]);
  for (let times = 0; times < 3; times += 1) await work(2);
  expect(await isPrepared()).toBe(true);
  await dataSource.query("ALTER TABLE item ADD COLUMN name text DEFAULT 'seat'");
  expect(await work(3)).toEqual([[{ id: 3, name: 'seat' }], [{ id: 1, name: 'seat' }]]);
  expect(await dataSource.query('SELECT count(*)::integer AS written FROM item WHERE id = 3')).toEqual([
    { written: 1 },
  ]);
});

test('a transaction that fails for another reason is not run again', async () => {
  const clock = createServiceClock(dataSource);
  let runs = 0;
  const failing = clock.transaction(async ({ manager }) => {
    runs += 1;
    await manager.query('SELECT 1 / $1::integer', [0]);
  });
  await expect(failing).rejects.toThrow('division by zero');
  expect(runs).toBe(1);
});

test('what fails for another reason fails', async () => {
  const divide = 'SELECT 1 / $1::integer AS result';
  for (let times = 0; times < 3; times += 1) {
    await expect(dataSource.query(divide, [0])).rejects.toThrow('division by zero');
  }
});

test('as many texts as clients may make have no more than so many names', () => {
  const prepared = new PreparedStatements();
  const named = Array.from({ length: 500 }, (_, index) => {
    prepared.nameOf(`SELECT ${index}`);
    return prepared.nameOf(`SELECT ${index}`);
  }).filter((name) => name !== undefined);
  expect(new Set(named).size).toBe(300);
  expect(named.length).toBe(300);
});

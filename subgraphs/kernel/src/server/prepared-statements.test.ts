import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import { afterAll, beforeEach, expect, test } from 'vitest';
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

test('nothing is prepared in a transaction, so that no lost plan ends it', async () => {
  for (let times = 0; times < 3; times += 1) await dataSource.query(read, [1]);
  await dataSource.query("ALTER TABLE item ADD COLUMN name text DEFAULT 'seat'");
  const rows = await dataSource.transaction((manager) => manager.query(read, [1]));
  expect(rows).toEqual([{ id: 1, name: 'seat' }]);
});

test('what fails for another reason fails', async () => {
  const divide = 'SELECT 1 / $1::integer AS result';
  for (let times = 0; times < 3; times += 1) {
    await expect(dataSource.query(divide, [0])).rejects.toThrow('division by zero');
  }
});

test('as many texts as clients may make have no more than so many names', () => {
  const prepared = new PreparedStatements();
  const named = Array.from({ length: 300 }, (_, index) => {
    prepared.nameOf(`SELECT ${index}`);
    return prepared.nameOf(`SELECT ${index}`);
  }).filter((name) => name !== undefined);
  expect(new Set(named).size).toBe(200);
  expect(named.length).toBe(200);
});

import pg from 'pg';
import { expect, test } from 'vitest';
import { cloneBus } from './postgres.js';

const first = await cloneBus();
const second = await cloneBus();

async function run(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test('a clone is migrated, belongs to its own role, and is nobody else’s', async () => {
  await run(first.url, 'CREATE TABLE only_here ()');
  expect(await run(first.url, 'SELECT current_user::text AS role')).toEqual([{ role: 'bus' }]);
  expect(
    await run(second.url, `SELECT to_regclass('only_here') AS found, to_regclass('worker_lease') AS lease`),
  ).toEqual([{ found: null, lease: 'worker_lease' }]);
});

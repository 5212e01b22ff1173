import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  databaseIdentity,
  databaseNames,
  dropDatabases,
  ensureDatabases,
  ensureListener,
  type DatabaseName,
} from './databases.js';
import { urlOf, withConnection } from './postgres/administration.js';
import type { RunningPostgres } from './postgres/start-postgres.js';
import { cloneDatabase } from './postgres/template.js';
import { startTemporaryPostgres } from './postgres/temporary.js';

// A server of its own: roles belong to the whole server, and these tests change their passwords.
let server: RunningPostgres;
let urls: Record<DatabaseName, string>;

beforeAll(async () => {
  server = await startTemporaryPostgres();
  urls = await ensureDatabases(server.url, { services: databaseNames, passwords: newPasswords() });
});
afterAll(() => server.stop('immediate'));

function newPasswords(): Record<DatabaseName, string> {
  const made = databaseNames.map((name) => [name, `${name} / ${randomBytes(9).toString('base64')} % ?`]);
  return Object.fromEntries(made) as Record<DatabaseName, string>;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  return withConnection(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
}

describe('ensureDatabases', () => {
  it.each(databaseNames)('lets %s own its database, tables and schemas included', async (name) => {
    await query(urls[name], 'CREATE TABLE own (n int); CREATE SCHEMA more; DROP TABLE own; DROP SCHEMA more');
    expect(await query(urls[name], 'SELECT current_user AS role, current_database() AS database')).toEqual([
      { role: name, database: name },
    ]);
  });

  const pairs = databaseNames.flatMap((role) =>
    databaseNames.filter((other) => other !== role).map((other) => [role, other] as const),
  );
  it.each(pairs)('keeps the role %s out of the database %s', async (role, other) => {
    await expect(query(urlOf(urls[role], other), 'SELECT 1')).rejects.toThrow(
      /permission denied for database/,
    );
  });

  it('keeps what is there and takes new passwords when it is done again', async () => {
    await query(urls.orders, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const again = await ensureDatabases(server.url, { services: databaseNames, passwords: newPasswords() });
    expect(await query(again.orders, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await expect(query(urls.orders, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    urls = again;
  });

  it('is done twice at the same moment without harm', async () => {
    const passwords = newPasswords();
    const services = ['twice'] as const;
    const [one, other] = await Promise.all(
      [1, 2].map(() => ensureDatabases(server.url, { services, passwords: { twice: passwords.orders } })),
    );
    expect(one).toEqual(other);
  });
});

describe('ensureListener', () => {
  const listen = () =>
    ensureListener(server.url, {
      role: 'listener',
      database: 'bus',
      password: `/ ${randomBytes(9).toString('hex')} %`,
    });

  it('lets a role hear what is told in one database, and nothing else', async () => {
    await listen();
    const url = await listen();
    await query(urls.bus, 'CREATE SCHEMA jobs; CREATE TABLE jobs.job (n int); CREATE TABLE plain (n int)');
    await query(url, 'LISTEN changes');
    for (const sql of ['SELECT FROM jobs.job', 'SELECT FROM plain', 'CREATE TABLE own (n int)']) {
      await expect(query(url, sql)).rejects.toThrow(/permission denied/);
    }
    await expect(query(urlOf(url, 'orders'), 'SELECT 1')).rejects.toThrow(/permission denied for database/);
  });
});

describe('with a role that is no superuser', () => {
  const password = 'not-a-secret';
  const adminUrl = () => urlOf(server.url, 'postgres', { name: 'planner', password });

  it('says which rights are missing', async () => {
    await query(server.url, `CREATE ROLE planner LOGIN PASSWORD '${password}'`);
    const refused = ensureDatabases(adminUrl(), { services: ['mine'], passwords: { mine: 'x' } });
    await expect(refused).rejects.toThrow(
      /may not create databases and roles.*ALTER ROLE "planner" CREATEDB CREATEROLE/,
    );
  });

  it('makes, tells apart and drops databases', async () => {
    await query(server.url, 'ALTER ROLE planner CREATEDB CREATEROLE');
    const options = { services: ['mine', 'other'], passwords: { mine: 'x', other: 'y' } } as const;
    await ensureDatabases(adminUrl(), options);
    const { mine } = await ensureDatabases(adminUrl(), options);
    await query(mine, 'CREATE TABLE own (n int)');
    await expect(query(urlOf(mine, 'other'), 'SELECT 1')).rejects.toThrow(/permission denied/);
    await dropDatabases(adminUrl(), options.services);
    await ensureDatabases(adminUrl(), options);
    await expect(query(mine, 'SELECT FROM own')).rejects.toThrow(/does not exist/);
    expect(await databaseIdentity(adminUrl(), 'orders')).toMatch(/^\d+\/\d+$/);
  });
});

it('tells where the server is when it does not answer', async () => {
  const gone = 'postgres://somebody:secret@127.0.0.1:1/somewhere';
  const failure = await ensureDatabases(gone, { services: ['a'], passwords: { a: 'b' } }).catch(
    (error: Error) => error.message,
  );
  expect(failure).toMatch(/127\.0\.0\.1:1 \(database somewhere, role somebody\).*ECONNREFUSED/);
  expect(failure).not.toContain('secret');
});

it('gives a database that was made again another identity', async () => {
  const before = await databaseIdentity(server.url, 'partners');
  expect(await databaseIdentity(server.url, 'partners')).toBe(before);
  await dropDatabases(server.url, ['partners']);
  expect(await databaseIdentity(server.url, 'partners')).toBe('absent');
  await ensureDatabases(server.url, { services: ['partners'], passwords: { partners: 'p' } });
  expect(await databaseIdentity(server.url, 'partners')).not.toBe(before);
});

describe('cloneDatabase', () => {
  it('copies rows, gives the copy to its owner alone, and drops it while it is in use', async () => {
    await query(urls.licenses, 'CREATE TABLE original AS SELECT 7 AS n');
    const copy = await cloneDatabase(server.url, { template: 'licenses', owner: 'licenses' });
    const asOwner = urlOf(urls.licenses, copy.name);
    expect(await query(asOwner, 'SELECT n FROM original')).toEqual([{ n: 7 }]);
    await expect(query(urlOf(urls.orders, copy.name), 'SELECT 1')).rejects.toThrow(/permission denied/);
    const dropped = withConnection(asOwner, async (client) => {
      await copy.drop();
      await client.query('SELECT 1');
    });
    await expect(dropped).rejects.toThrow(/terminat|not queryable/i);
    await copy.drop();
  });
});

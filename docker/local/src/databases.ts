import type pg from 'pg';
import { identifier, literal, urlOf, withConnection } from './postgres/administration.js';
import { dropDatabase } from './postgres/template.js';

/** The databases of the system: one for each service and one for the bus. A role of the same name owns each. */
export const databaseNames = ['orders', 'subscriptions', 'licenses', 'partners', 'bus'] as const;

export type DatabaseName = (typeof databaseNames)[number];

/** Two starts at the same moment make nothing twice. The number is arbitrary; it stands for this work alone. */
const advisoryLock = 4_005_001;

/**
 * Makes sure of a database and a login role for each name: the role owns the database of its name and can open no other
 * of them. What is there already is kept with its data; the role gets the given password.
 * @param adminUrl a role that may create databases and roles: of the embedded server, or the user's DATABASE_URL
 * @returns by name, the URL with which its role opens its database
 * @throws DatabaseSetupError when the administrator's role lacks a right or the server cannot be reached
 */
export async function ensureDatabases<Name extends string>(
  adminUrl: string,
  options: { readonly services: readonly Name[]; readonly passwords: Readonly<Record<Name, string>> },
): Promise<Record<Name, string>> {
  await asAdministrator(adminUrl, async (client) => {
    const isSuperuser = await checkRights(client);
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    for (const name of options.services) {
      await ensureRole(client, name, options.passwords[name], isSuperuser);
      await ensureDatabase(client, name);
    }
  });
  const urls = options.services.map((name) => [
    name,
    urlOf(adminUrl, name, { name, password: options.passwords[name] }),
  ]);
  return Object.fromEntries(urls) as Record<Name, string>;
}

/**
 * Makes sure of a login role that may connect to one database and is given nothing in it: enough to hear what is told there.
 * @returns the URL with which the role opens the database
 */
export async function ensureListener(
  adminUrl: string,
  {
    role,
    database,
    password,
  }: { readonly role: string; readonly database: string; readonly password: string },
): Promise<string> {
  await asAdministrator(adminUrl, async (client) => {
    const isSuperuser = await checkRights(client);
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await ensureRole(client, role, password, isSuperuser);
    await client.query(`GRANT CONNECT ON DATABASE ${identifier(database)} TO ${identifier(role)}`);
  });
  return urlOf(adminUrl, database, { name: role, password });
}

/** Removes databases and all their data; the roles stay. */
export async function dropDatabases(adminUrl: string, names: readonly string[]): Promise<void> {
  await asAdministrator(adminUrl, checkRights);
  for (const name of names) await dropDatabase(adminUrl, name);
}

/**
 * Tells one incarnation of a database from another: a database that was dropped and made again, or lies on another
 * server, has another identity.
 */
export async function databaseIdentity(adminUrl: string, name: DatabaseName): Promise<string> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows } = await client.query<{ identity: string }>(
      `SELECT system_identifier || '/' || oid AS identity
       FROM pg_control_system(), pg_database WHERE datname = $1`,
      [name],
    );
    return rows[0]?.identity ?? 'absent';
  });
}

/** The server's version, for example `18.4`. */
export async function serverVersion(adminUrl: string): Promise<string> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    // Distributions add words of their own behind the number.
    return rows[0]?.server_version.split(' ')[0] ?? 'unknown';
  });
}

/** The databases could not be set up; the message says what the user can do. */
export class DatabaseSetupError extends Error {
  override name = 'DatabaseSetupError';
}

async function asAdministrator<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  try {
    return await withConnection(adminUrl, work);
  } catch (error) {
    if (error instanceof DatabaseSetupError) throw error;
    const { host, pathname, username } = new URL(adminUrl);
    const reason = reasonOf(error);
    throw new DatabaseSetupError(
      `The PostgreSQL server ${host} (database ${pathname.slice(1)}, role ${username}) refused: ${reason}`,
      { cause: error },
    );
  }
}

/** True for a superuser, who needs no further rights. */
async function checkRights(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ rolsuper: boolean; rolcreatedb: boolean; rolcreaterole: boolean }>(
    'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user',
  );
  const role = rows[0];
  if (role?.rolsuper) return true;
  if (role?.rolcreatedb && role.rolcreaterole) return false;
  throw new DatabaseSetupError(
    `The role ${client.user ?? ''} of DATABASE_URL may not create databases and roles. ` +
      `As an administrator: ALTER ROLE ${identifier(client.user ?? '')} CREATEDB CREATEROLE;`,
  );
}

async function ensureRole(
  client: pg.Client,
  name: string,
  password: string,
  isSuperuser: boolean,
): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${identifier(name)} LOGIN PASSWORD ${literal(password)}`);
  // Who is no superuser has to be a member of a role to give it a database.
  if (!isSuperuser) await client.query(`GRANT ${identifier(name)} TO CURRENT_USER`);
}

async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    await client.query(
      `CREATE DATABASE ${identifier(name)} OWNER ${identifier(name)} TEMPLATE template0 ENCODING 'UTF8'`,
    );
  }
  await client.query(`REVOKE ALL ON DATABASE ${identifier(name)} FROM PUBLIC`);
}

/** A refused connection to a name with several addresses is an AggregateError with an empty message. */
function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: unknown[] };
  if (message) return message;
  return errors?.[0] instanceof Error ? errors[0].message : (code ?? String(error));
}

import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { DataFolder } from '../data-folder.js';
import { databaseNames, dropDatabases } from '../databases.js';
import { checkoutFolder, type LocalEnvironment } from '../environment.js';
import { writeJson } from '../files.js';
import { removeCluster } from '../postgres/initialize.js';
import { localSettings } from '../postgres/local-settings.js';
import { dataDirectoryFor } from '../postgres/machine-folder.js';
import { runningPostmaster } from '../postgres/postmaster-file.js';
import { findPostgres, startPostgres, stopPostgresOn } from '../postgres/start-postgres.js';
import { keepPostgres } from '../supervisor/keep-postgres.js';
import type { WantedPort } from '../supervisor/ports.js';

/** The PostgreSQL server that the databases lie on. */
export interface DatabaseServer {
  /** The URL of a role that may create databases and roles. */
  readonly adminUrl: string;
  /** Where it is, in words. */
  readonly place: string;
  /** Stops the embedded server; a user's own runs on. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

/** Starts the embedded server and keeps it running, or takes the user's own, which DATABASE_URL names. */
export async function startDatabaseServer(
  environment: LocalEnvironment,
  data: DataFolder,
  report: (message: string) => void,
): Promise<DatabaseServer> {
  if (environment.DATABASE_URL !== undefined) return externalServer(environment.DATABASE_URL);
  const dataDirectory = await dataDirectoryFor(data.folder);
  await writeJson(data.postgres, { checkout: checkoutFolder, dataDirectory });
  const start = () =>
    startPostgres({
      dataDirectory,
      port: environment.POSTGRES_PORT,
      settings: localSettings,
      logFile: path.join(data.logs, 'postgres.log'),
      log: report,
    });
  const kept = await keepPostgres(start, report);
  return { adminUrl: kept.first.url, place: `port ${kept.first.port}`, stop: kept.stop };
}

/** The server as it runs now, without answering for it; undefined when the embedded one does not run. */
export async function findDatabaseServer(
  environment: LocalEnvironment,
  data: DataFolder,
): Promise<DatabaseServer | undefined> {
  if (environment.DATABASE_URL !== undefined) return externalServer(environment.DATABASE_URL);
  const found = await findPostgres(await dataDirectoryFor(data.folder));
  if (found === undefined) return undefined;
  return { adminUrl: found.url, place: `port ${found.port}`, stop: async () => undefined };
}

/** The embedded server's port, unless it is held by a server that a killed start left there and that is used on. */
export async function wantedDatabasePort(
  environment: LocalEnvironment,
  data: DataFolder,
): Promise<WantedPort[]> {
  if (environment.DATABASE_URL !== undefined) return [];
  const left = await runningPostmaster(await dataDirectoryFor(data.folder));
  if (left?.port === environment.POSTGRES_PORT) return [];
  return [{ variable: 'POSTGRES_PORT', port: environment.POSTGRES_PORT, host: '127.0.0.1' }];
}

/** Removes all data: of the embedded server everything, of a user's own the databases of the system. Keys stay. */
export async function removeData(environment: LocalEnvironment, data: DataFolder): Promise<void> {
  if (environment.DATABASE_URL === undefined) {
    const dataDirectory = await dataDirectoryFor(data.folder);
    await stopPostgresOn(dataDirectory);
    await removeCluster(dataDirectory);
  } else {
    await dropDatabases(environment.DATABASE_URL, databaseNames);
  }
  await Promise.all([data.seeding, data.demo, data.explorerTokens].map((file) => rm(file, { force: true })));
}

function externalServer(adminUrl: string): DatabaseServer {
  const { host } = new URL(adminUrl);
  return { adminUrl, place: `${host} (DATABASE_URL)`, stop: async () => undefined };
}

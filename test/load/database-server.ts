import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { databaseNames, ensureDatabases, type DatabaseName } from '@fulfillment/local/databases';
import { localSettings } from '@fulfillment/local/postgres/local-settings';
import { machineFolder } from '@fulfillment/local/postgres/machine-folder';
import { runsAsRoot } from '@fulfillment/local/postgres/server-user';
import { startPostgres } from '@fulfillment/local/postgres/start-postgres';
import { waitUntilEnded } from '@fulfillment/local/process-table';
import { keepPostgres } from '@fulfillment/local/supervisor/keep-postgres';
import { freePort } from '../kit/free-port.js';

/** A PostgreSQL server of this run alone, with the settings of `npm start`, so that what is committed survives a kill. */
export interface DatabaseServer {
  /** The superuser's URL. */
  readonly adminUrl: string;
  readonly urls: Readonly<Record<DatabaseName, string>>;
  /** Ends the server with SIGKILL; it is started again at once and recovers. */
  kill(): Promise<void>;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server with an empty database for each service and the bus. */
export async function startDatabaseServer(): Promise<DatabaseServer> {
  const folder = runsAsRoot()
    ? await machineFolder(`load-${randomUUID()}`)
    : await mkdtemp(path.join(tmpdir(), 'fulfillment-load-'));
  const port = await freePort();
  let pid = 0;
  const kept = await keepPostgres(
    async () => {
      const server = await startPostgres({
        dataDirectory: path.join(folder, 'data'),
        port,
        settings: localSettings,
        removeAfter: folder,
      });
      pid = server.pid;
      return server;
    },
    () => undefined,
  );
  const password = randomBytes(12).toString('hex');
  const urls = await ensureDatabases(kept.first.url, {
    services: databaseNames,
    passwords: Object.fromEntries(databaseNames.map((name) => [name, password])) as Record<
      DatabaseName,
      string
    >,
  });
  return {
    adminUrl: kept.first.url,
    urls,
    async kill() {
      const killed = pid;
      process.kill(killed, 'SIGKILL');
      await waitUntilEnded(killed, 10_000);
    },
    stop: () => kept.stop('immediate'),
  };
}

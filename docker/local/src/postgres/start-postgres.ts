import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isRunning, signal, waitUntilEnded } from '../process-table.js';
import { locateBinaries } from './binaries.js';
import { type Guard, guard, takeOwnership } from './guard.js';
import { ensureCluster } from './initialize.js';
import { type PostmasterFile, runningPostmaster } from './postmaster-file.js';
import { runServer } from './server-process.js';
import { serverUser } from './server-user.js';

/** How to start a server. */
export interface PostgresOptions {
  /** Absolute path. For root it lies where `nobody` may pass: `dataDirectoryFor` knows such a place. */
  readonly dataDirectory: string;
  /** The TCP port on 127.0.0.1; 0 picks a free one, or keeps that of a server that runs already. */
  readonly port: number;
  /** Settings of PostgreSQL by name, for example `{ fsync: 'off' }`. A server that runs already keeps its own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The server's log; `<dataDirectory>.log` when left out. */
  readonly logFile?: string;
  /** Told what happens, in a sentence each. */
  readonly log?: (message: string) => void;
  /** A folder to remove once the server has stopped, or its starter was killed. */
  readonly removeAfter?: string;
}

/** A server that takes connections. */
export interface RunningPostgres {
  /** The superuser's URL, of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** The server's process. */
  readonly pid: number;
  /** True when the server ran already: a killed process had left it. */
  readonly adopted: boolean;
  /** Resolves when the server ends, whether by `stop` or by itself. */
  readonly ended: Promise<void>;
  /** Stops the server and waits for it: open transactions are rolled back. `immediate` does not write a checkpoint. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

/**
 * Starts PostgreSQL on a data directory, which is made when absent. A server that a killed process left running there
 * is adopted, or stopped first where it does not answer or listens on another port; after a crash PostgreSQL recovers by
 * itself. Should this process be killed, the server is stopped for it. Nobody else may start one on the same data
 * directory meanwhile.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDirectory, log = () => undefined } = options;
  const [binaries, user] = await Promise.all([locateBinaries(), serverUser()]);
  const password = await ensureCluster(binaries, dataDirectory, user);
  const owner = await takeOwnership(dataDirectory);
  const left = await adoptOrStop(options, password, log);
  const server =
    left ??
    (await runServer({
      binaries,
      user,
      dataDirectory,
      port: options.port,
      settings: options.settings ?? {},
      logFile: options.logFile ?? `${dataDirectory}.log`,
    }));
  const removeAfter = options.removeAfter ?? null;
  const guarding = guard({ pid: server.pid, dataDirectory, owner, removeAfter });
  const url = superuserUrl(password, server.port);
  if (left === undefined) await waitUntilAnswers(url);
  return running({ url, ...server, adopted: left !== undefined, removeAfter, guarding });
}

/** The server on this data directory as it runs now, to be used without answering for it; undefined when none runs. */
export async function findPostgres(
  dataDirectory: string,
): Promise<{ url: string; port: number; pid: number } | undefined> {
  const server = await runningPostmaster(dataDirectory);
  if (server?.status !== 'ready') return undefined;
  const [binaries, user] = await Promise.all([locateBinaries(), serverUser()]);
  const password = await ensureCluster(binaries, dataDirectory, user);
  return { url: superuserUrl(password, server.port), port: server.port, pid: server.pid };
}

/** Stops whatever server runs on this data directory. */
export async function stopPostgresOn(dataDirectory: string): Promise<void> {
  const server = await runningPostmaster(dataDirectory);
  if (server !== undefined) await stopServer(server.pid, 'fast');
}

async function adoptOrStop(
  options: PostgresOptions,
  password: string,
  log: (message: string) => void,
): Promise<PostmasterFile | undefined> {
  const { dataDirectory, port } = options;
  const server = await settled(dataDirectory);
  if (server === undefined) {
    await rm(path.join(dataDirectory, 'postmaster.pid'), { force: true });
    return undefined;
  }
  if (server.status === 'ready' && (port === 0 || port === server.port)) {
    if (await answers(superuserUrl(password, server.port))) {
      log(`PostgreSQL still ran (process ${server.pid}); it is used on.`);
      return server;
    }
  }
  log(`A PostgreSQL server that was left behind is stopped (process ${server.pid}).`);
  await stopServer(server.pid, 'fast');
  await rm(path.join(dataDirectory, 'postmaster.pid'), { force: true });
  return undefined;
}

/** Waits while a server is on its way up or down. */
async function settled(dataDirectory: string): Promise<PostmasterFile | undefined> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const server = await runningPostmaster(dataDirectory);
    if (server === undefined || server.status === 'ready' || performance.now() > deadline) return server;
    await sleep(50);
  }
}

function superuserUrl(password: string, port: number): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function waitUntilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await answers(url)) return;
    await sleep(50);
  }
  throw new Error('PostgreSQL runs and refuses its own superuser. Begin afresh: npm start -- --reset');
}

interface Started {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly adopted: boolean;
  readonly removeAfter: string | null;
  readonly guarding: Guard;
}

function running({ url, port, pid, adopted, removeAfter, guarding }: Started): RunningPostgres {
  let stopping: Promise<void> | undefined;
  const stop = async (how: 'fast' | 'immediate') => {
    await stopServer(pid, how);
    await guarding.release();
    if (removeAfter !== null) await rm(removeAfter, { recursive: true, force: true });
  };
  return {
    url,
    port,
    pid,
    adopted,
    ended: watchEnd(pid),
    stop: (how = 'fast') => {
      // Whoever has lost patience with a stop that is under way hurries it.
      if (stopping !== undefined && how === 'immediate') signal(pid, 'SIGQUIT');
      return (stopping ??= stop(how));
    },
  };
}

/** An adopted server is no child of this process, so its end is looked for. */
async function watchEnd(pid: number): Promise<void> {
  while (await isRunning(pid)) await sleep(300, undefined, { ref: false });
}

/** PostgreSQL's own words: SIGINT is a fast shutdown, SIGQUIT an immediate one. The last resort costs a recovery. */
async function stopServer(pid: number, how: 'fast' | 'immediate'): Promise<void> {
  if (!(await isRunning(pid))) return;
  signal(pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  if (await waitUntilEnded(pid, 20_000)) return;
  signal(pid, 'SIGQUIT');
  if (await waitUntilEnded(pid, 5_000)) return;
  signal(pid, 'SIGKILL');
  await waitUntilEnded(pid, 5_000);
}

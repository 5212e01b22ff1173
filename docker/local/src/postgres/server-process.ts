import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { serverEnvironment } from './initialize.js';
import { readPostmasterFile } from './postmaster-file.js';
import type { ServerUser } from './server-user.js';

/** A server to be run. Settings are PostgreSQL's own, by name. */
export interface ServerPlan {
  readonly binaries: Binaries;
  readonly user: ServerUser;
  readonly dataDirectory: string;
  /** 0: a free one. */
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  /** Where the server writes its log; emptied at each start. */
  readonly logFile: string;
}

const startTimeoutMs = 60_000;

/**
 * Runs a server in a session of its own, so that Ctrl-C in the terminal does not reach it, and waits until it takes
 * connections.
 * @throws Error with the end of the log when it ends before that.
 */
export async function runServer(plan: ServerPlan): Promise<{ pid: number; port: number }> {
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    const port = plan.port === 0 ? await freePort() : plan.port;
    const child = await spawnServer(plan, port);
    const ended = await readyOrEnded(child, plan, deadline);
    if (ended === undefined) return { pid: child.pid ?? 0, port };
    if (!isPassing(ended, plan.port) || performance.now() > deadline) {
      throw new Error(`PostgreSQL did not start on port ${port}:\n${ended}`);
    }
    await sleep(200);
  }
}

async function spawnServer(plan: ServerPlan, port: number): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // No socket: its path has a limit of about 100 characters, which a deep checkout exceeds.
    unix_socket_directories: '',
    max_connections: '200',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...plan.settings,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(plan.logFile, 'w', 0o600);
  try {
    const child = spawn(plan.binaries.postgres, ['-D', plan.dataDirectory, ...options], {
      cwd: plan.dataDirectory,
      env: serverEnvironment(),
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      windowsHide: true,
      ...plan.user,
    });
    child.unref();
    return await new Promise<ChildProcess>((resolve, reject) => {
      child.once('spawn', () => resolve(child));
      child.once('error', (error) =>
        reject(new Error(`${plan.binaries.postgres} does not run: ${error.message}`)),
      );
    });
  } finally {
    await log.close();
  }
}

/** Undefined when the server is ready; the end of its log when it has ended. */
async function readyOrEnded(
  child: ChildProcess,
  plan: ServerPlan,
  deadline: number,
): Promise<string | undefined> {
  for (;;) {
    const file = await readPostmasterFile(plan.dataDirectory);
    if (file?.pid === child.pid && file?.status === 'ready') return undefined;
    if (child.exitCode !== null || child.signalCode !== null) return lastLines(plan.logFile);
    if (performance.now() > deadline) {
      child.kill('SIGKILL');
      return `It was not ready in time.\n${await lastLines(plan.logFile)}`;
    }
    await sleep(10);
  }
}

/**
 * What passes by itself: after kill -9 of the server alone its last workers are still ending; and a port that was free
 * may be taken a moment later.
 */
function isPassing(log: string, port: number): boolean {
  return (
    /pre-existing shared memory block|lock file "postmaster\.pid" is empty/.test(log) ||
    (port === 0 && /could not create any TCP\/IP sockets|Address already in use/.test(log))
  );
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-12).join('\n');
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';

/**
 * Whether tests that need Redis can run: they need `redis-server` (the Debian package of that name). With
 * REQUIRE_REDIS=1 its absence is a failure, else it is told loudly.
 */
export function hasRedis(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  if (process.env['REQUIRE_REDIS'] === '1') throw new Error('redis-server is required and not installed');
  process.stderr.write('\n*** NOT RUN: tests that need redis-server, which is not installed ***\n\n');
  return false;
}

/** A redis-server of the test's own, which keeps nothing on disk unless it is told to `SAVE`. */
export async function startRedis() {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'gateway-redis-'));
  let server = await launch(port, url, folder);
  return {
    url,
    /** Ends it at once, as a crash does. */
    kill: () => end(server),
    /** Starts it again at the same address, empty or as it was when it was told to `SAVE`. */
    restart: async (...settings: string[]) => {
      server = await launch(port, url, folder, settings);
    },
    /** Ends it for good. */
    remove: async () => {
      await end(server);
      await rm(folder, { recursive: true });
    },
  };
}

async function launch(
  port: number,
  url: string,
  folder: string,
  settings: readonly string[] = [],
): Promise<ChildProcess> {
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const options = [...place, '--save', '', '--appendonly', 'no', ...settings];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined); // until it listens
  try {
    await Promise.race([client.ping(), tooLate()]);
    return server;
  } finally {
    client.disconnect();
  }
}

async function tooLate(): Promise<never> {
  await delay(20_000, undefined, { ref: false });
  throw new Error('redis-server does not answer after 20 s');
}

async function end(server: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => {
    server.once('exit', resolve);
  });
  if (server.exitCode === null && server.signalCode === null && server.kill('SIGKILL')) await ended;
}

/** Below those that systems give to connections by themselves, so that none of these takes it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

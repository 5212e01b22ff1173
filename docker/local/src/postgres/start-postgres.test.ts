import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isRunning, waitUntilEnded } from '../process-table.js';
import { withConnection } from './administration.js';
import { machineFolder } from './machine-folder.js';
import { runsAsRoot } from './server-user.js';
import { findPostgres, type RunningPostgres, startPostgres } from './start-postgres.js';
import { startTemporaryPostgres } from './temporary.js';

// Making a data directory takes a second, and many times that on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A place for data that `nobody` can reach when root runs the tests; its name has blanks. */
async function newDataDirectory(): Promise<string> {
  const folder = runsAsRoot()
    ? await machineFolder(`test of postgres ${randomUUID()}`)
    : await mkdtemp(path.join(tmpdir(), 'test of postgres '));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, 'data');
}

async function start(dataDirectory: string, port = 0): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDirectory, port, settings: { fsync: 'off' } });
  cleanUps.push(() => server.stop('immediate'));
  return server;
}

async function remember(server: RunningPostgres, text: string): Promise<void> {
  await withConnection(server.url, async (client) => {
    await client.query('CREATE TABLE IF NOT EXISTS memory (text text)');
    await client.query('INSERT INTO memory VALUES ($1)', [text]);
  });
}

async function remembered(server: RunningPostgres): Promise<string[]> {
  return withConnection(server.url, async (client) => {
    const { rows } = await client.query<{ text: string }>('SELECT text FROM memory');
    return rows.map(({ text }) => text);
  });
}

describe('startPostgres', () => {
  it('starts PostgreSQL 18 in UTF-8, with letters of every language, for its password alone', async () => {
    const server = await start(await newDataDirectory());
    const row = await withConnection(server.url, async (client) => {
      const { rows } = await client.query<Record<string, string>>(
        `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
                current_setting('listen_addresses') AS addresses, lower('ÄÉĞ') AS lower, 'Žluťoučký' ILIKE 'žLU%' AS alike`,
      );
      return rows[0];
    });
    expect(row).toMatchObject({ encoding: 'UTF8', addresses: '127.0.0.1', lower: 'äéğ', alike: true });
    expect(row?.['version']).toMatch(/^18/);
    const stranger = new URL(server.url);
    stranger.password = 'wrong';
    await expect(new pg.Client(stranger.toString()).connect()).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('keeps its data and its password from one start to the next, and the password to its owner', async () => {
    const dataDirectory = await newDataDirectory();
    const first = await start(dataDirectory);
    await remember(first, 'kept');
    await first.stop();
    expect(await isRunning(first.pid)).toBe(false);
    expect((await stat(`${dataDirectory}.password`)).mode & 0o777).toBe(0o600);
    const second = await start(dataDirectory);
    expect(second.adopted).toBe(false);
    expect(await remembered(second)).toEqual(['kept']);
  });

  it('recovers after kill -9 of the server', async () => {
    const dataDirectory = await newDataDirectory();
    const first = await start(dataDirectory);
    await remember(first, 'before the crash');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await start(dataDirectory, first.port);
    expect(second.port).toBe(first.port);
    expect(await remembered(second)).toEqual(['before the crash']);
  });

  it('adopts a server that still runs, and moves one that runs on another port', async () => {
    const dataDirectory = await newDataDirectory();
    const first = await start(dataDirectory);
    await remember(first, 'still here');
    const adopted = await start(dataDirectory);
    expect(adopted).toMatchObject({ adopted: true, pid: first.pid, port: first.port });
    const elsewhere = await start(dataDirectory, first.port + 1);
    expect(elsewhere).toMatchObject({ adopted: false, port: first.port + 1 });
    expect(await remembered(elsewhere)).toEqual(['still here']);
    expect(await findPostgres(dataDirectory)).toMatchObject({ pid: elsewhere.pid, port: elsewhere.port });
  });

  it('does not take another program for the server, whatever an old postmaster.pid says', async () => {
    const dataDirectory = await newDataDirectory();
    const first = await start(dataDirectory);
    const file = path.join(dataDirectory, 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    cleanUps.push(async () => stranger.kill('SIGKILL'));
    await writeFile(file, text.replace(String(first.pid), String(stranger.pid)));
    expect(await findPostgres(dataDirectory)).toBeUndefined();
    const second = await start(dataDirectory, first.port);
    expect(second.adopted).toBe(false);
    expect(await isRunning(stranger.pid ?? 0)).toBe(true);
  });

  it('begins again where making the data directory was cut short', async () => {
    const dataDirectory = await newDataDirectory();
    await mkdir(`${dataDirectory}.unfinished`, { recursive: true });
    await writeFile(path.join(`${dataDirectory}.unfinished`, 'PG_VERSION'), '18\n');
    const server = await start(dataDirectory);
    expect(server.port).toBeGreaterThan(0);
  });

  it('says what is wrong when the password is lost', async () => {
    const dataDirectory = await newDataDirectory();
    await (await start(dataDirectory)).stop();
    await rm(`${dataDirectory}.password`);
    await expect(start(dataDirectory)).rejects.toThrow(/--reset/);
  });
});

describe('a server whose starter is killed', () => {
  it('stops, and a temporary one leaves nothing behind', async () => {
    const module = fileURLToPath(new URL('./temporary.ts', import.meta.url));
    const program = `
      const { startTemporaryPostgres } = await import(${JSON.stringify(module)});
      const { pid, url } = await startTemporaryPostgres();
      const pg = (await import(${JSON.stringify(import.meta.resolve('pg'))})).default;
      const client = new pg.Client(url);
      await client.connect();
      const { rows } = await client.query('SHOW data_directory');
      console.log(JSON.stringify({ pid, dataDirectory: rows[0].data_directory }));
      setInterval(() => {}, 1000);`;
    const starter = spawn(
      process.execPath,
      ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', program],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    cleanUps.push(async () => starter.kill('SIGKILL'));
    const line = await new Promise<string>((resolve) =>
      starter.stdout.once('data', (data) => resolve(String(data))),
    );
    const { pid, dataDirectory } = JSON.parse(line) as { pid: number; dataDirectory: string };
    expect(await isRunning(pid)).toBe(true);
    // Its guardian needs a moment to be up.
    await sleep(300);
    starter.kill('SIGKILL');
    expect(await waitUntilEnded(pid, 10_000)).toBe(true);
    await expect
      .poll(() => stat(path.dirname(dataDirectory)).catch(() => 'gone'), { timeout: 5_000 })
      .toBe('gone');
  });

  it('is left alone by an earlier guardian once somebody else has adopted it', async () => {
    const dataDirectory = await newDataDirectory();
    const module = fileURLToPath(new URL('./start-postgres.ts', import.meta.url));
    const program = `
      const { startPostgres } = await import(${JSON.stringify(module)});
      await startPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)}, port: 0 });
      console.log('up');
      setInterval(() => {}, 1000);`;
    const starter = spawn(
      process.execPath,
      ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', program],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    cleanUps.push(async () => starter.kill('SIGKILL'));
    await new Promise((resolve) => starter.stdout.once('data', resolve));
    const adopted = await start(dataDirectory);
    expect(adopted.adopted).toBe(true);
    starter.kill('SIGKILL');
    await sleep(3_000);
    await remember(adopted, 'still answers');
    expect(await remembered(adopted)).toEqual(['still answers']);
  });
});

describe('startTemporaryPostgres', () => {
  it('removes its data when it stops', async () => {
    const server = await startTemporaryPostgres();
    const folder = await withConnection(server.url, async (client) => {
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      return path.dirname(rows[0]?.data_directory ?? '');
    });
    expect((await stat(folder)).isDirectory()).toBe(true);
    await server.stop();
    await expect(stat(folder)).rejects.toThrow(/ENOENT/);
  });
});

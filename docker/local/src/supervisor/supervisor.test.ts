import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, waitUntilEnded } from '../process-table.js';
import type { ProcessPlan } from './managed-process.js';
import { endLeftovers, ProcessRecord, runningSupervisor } from './process-record.js';
import { Supervisor } from './supervisor.js';

/** Stands in for a service: answers its probe, crashes when asked to, and has bad habits by FAKE. */
const program = `
import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
const { FAKE = '', PORT, NAME, TRACE } = process.env;
const trace = (what) => appendFileSync(TRACE, NAME + ' ' + what + '\\n');
if (FAKE === 'fails') { console.error('the database is on fire'); process.exit(7); }
process.on('disconnect', () => { trace('disconnected'); process.exit(0); });
process.on('SIGTERM', () => {
  trace('asked to stop');
  if (FAKE !== 'stubborn') setTimeout(() => { trace('stopped'); process.exit(0); }, 50);
});
createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  response.statusCode = FAKE === 'silent' ? 503 : 200;
  response.end();
}).listen(Number(PORT), '127.0.0.1', () => console.log('listening'));
`;

let folder: string;
let entry: string;
let trace: string;
let recordFile: string;
const cleanUps: (() => Promise<unknown> | void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'supervisor '));
  entry = path.join(folder, 'main.mjs');
  trace = path.join(folder, 'trace');
  recordFile = path.join(folder, 'processes.json');
  await writeFile(entry, program);
  await writeFile(trace, '');
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  await rm(folder, { recursive: true, force: true });
});

async function plan(name: string, fake = ''): Promise<ProcessPlan> {
  const port = await freePort();
  return {
    name,
    entry,
    environment: { PORT: String(port), NAME: name, FAKE: fake, TRACE: trace },
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
  };
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

function supervisor(options: { readyTimeoutMs?: number; graceMs?: number } = {}) {
  const reports: string[] = [];
  const lines: string[] = [];
  const made = new Supervisor({
    logFolder: path.join(folder, 'logs'),
    record: new ProcessRecord(recordFile),
    report: (message) => reports.push(message),
    onLine: (name, line) => lines.push(`${name}: ${line}`),
    firstBackoffMs: 20,
    ...options,
  });
  cleanUps.push(() => made.stop());
  return { supervisor: made, reports, lines };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

describe('Supervisor', () => {
  it('starts programs, waits until they are ready, keeps their logs and stops them in reverse order', async () => {
    const { supervisor: supervising, lines } = supervisor();
    const [one, two, front] = [await plan('one'), await plan('two'), await plan('front')];
    await supervising.start([one, two]);
    await supervising.start([front]);
    expect(await Promise.all([one, two, front].map(({ readyUrl }) => answers(readyUrl)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(lines.toSorted()).toEqual(['front: listening', 'one: listening', 'two: listening']);
    const pids = ['one', 'two', 'front'].map((name) => supervising.pidOf(name) ?? 0);
    await supervising.stop();
    expect(await Promise.all(pids.map((pid) => isRunning(pid)))).toEqual([false, false, false]);
    const told = (await readFile(trace, 'utf8')).trim().split('\n');
    expect(told.slice(0, 2)).toEqual(['front asked to stop', 'front stopped']);
    expect(told).toHaveLength(6);
    await expect.poll(() => readFile(path.join(folder, 'logs', 'one.log'), 'utf8')).toBe('listening\n');
  });

  it('starts a crashed program again, says so, and forgets about it once stopped', async () => {
    const { supervisor: supervising, reports } = supervisor();
    const one = await plan('one');
    await supervising.start([one]);
    const before = supervising.pidOf('one');
    await fetch(new URL('/crash', one.readyUrl)).catch(() => undefined);
    await expect
      .poll(() => reports, { timeout: 10_000 })
      .toEqual([
        expect.stringMatching(/✗ one ended \(exit code 3\) and is started again in 0\.02 s.*listening/s),
        '✓ one works again',
      ]);
    expect(supervising.pidOf('one')).not.toBe(before);
    expect(await answers(one.readyUrl)).toBe(true);
    await supervising.stop();
    expect(await answers(one.readyUrl)).toBe(false);
    expect(reports).toHaveLength(2);
  });

  it('tells the last words of a program that does not come up', async () => {
    const { supervisor: supervising } = supervisor();
    await expect(supervising.start([await plan('good'), await plan('bad', 'fails')])).rejects.toThrow(
      /bad ended \(exit code 7\).*the database is on fire/s,
    );
  });

  it('gives up on a program that is never ready', async () => {
    const { supervisor: supervising } = supervisor({ readyTimeoutMs: 700 });
    await expect(supervising.start([await plan('mute', 'silent')])).rejects.toThrow(
      /mute was not ready within 0\.7 s.*listening/s,
    );
  });

  it('kills a program that does not stop', async () => {
    const { supervisor: supervising } = supervisor({ graceMs: 200 });
    await supervising.start([await plan('stubborn', 'stubborn')]);
    const pid = supervising.pidOf('stubborn') ?? 0;
    await supervising.stop();
    expect(await isRunning(pid)).toBe(false);
  });

  it('gives up a start that is stopped half way', async () => {
    const { supervisor: supervising } = supervisor();
    const start = supervising.start([await plan('mute', 'silent')]);
    const outcome = start.catch((error: Error) => error.message);
    await supervising.stop();
    expect(await outcome).toMatch(/mute ended/);
  });
});

describe('after kill -9 of the supervisor', () => {
  /** As if the id had been another process's when it was written down. */
  async function replaceSignature(name: string): Promise<void> {
    const content = JSON.parse(await readFile(recordFile, 'utf8')) as { children: { name: string }[] };
    const children = content.children.map((child) =>
      child.name === name ? { ...child, signature: 'another boot/1' } : child,
    );
    await writeFile(recordFile, JSON.stringify({ ...content, children }));
  }

  /** A supervisor in a process of its own, which says its children's ids. */
  async function separateSupervisor(
    plans: readonly ProcessPlan[],
  ): Promise<{ pid: number; children: number[] }> {
    const from = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
    const source = `
      const { Supervisor } = await import(${from('./supervisor.ts')});
      const { ProcessRecord } = await import(${from('./process-record.ts')});
      const plans = ${JSON.stringify(plans)};
      const record = new ProcessRecord(${JSON.stringify(recordFile)});
      const logFolder = ${JSON.stringify(path.join(folder, 'logs'))};
      const supervisor = new Supervisor({ logFolder, record, report: () => {} });
      await supervisor.start(plans);
      console.log(JSON.stringify(plans.map(({ name }) => supervisor.pidOf(name))));`;
    const flags = ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', source];
    const child = spawn(process.execPath, flags, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanUps.push(() => void child.kill('SIGKILL'));
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    return { pid: child.pid ?? 0, children: JSON.parse(line) as number[] };
  }

  it('its children end by themselves', async () => {
    const { pid, children } = await separateSupervisor([await plan('one'), await plan('two')]);
    process.kill(pid, 'SIGKILL');
    expect(await Promise.all(children.map((child) => waitUntilEnded(child, 5_000)))).toEqual([true, true]);
    expect((await readFile(trace, 'utf8')).trim().split('\n').toSorted()).toEqual([
      'one disconnected',
      'two disconnected',
    ]);
  });

  it('the next start knows whether it still runs, and ends what is left and ours', async () => {
    const { pid } = await separateSupervisor([await plan('one')]);
    expect(await runningSupervisor(recordFile)).toMatchObject({ pid });
    process.kill(pid, 'SIGKILL');
    await waitUntilEnded(pid, 5_000);
    expect(await runningSupervisor(recordFile)).toBeUndefined();

    // A child that did not notice, and another program that has meanwhile got the id of a child that did.
    const left = spawn(process.execPath, [entry], {
      env: { ...(await plan('left')).environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    cleanUps.push(
      () => void left.kill('SIGKILL'),
      () => void stranger.kill('SIGKILL'),
    );
    await new Promise((resolve) => left.stdout.once('data', resolve));
    const record = new ProcessRecord(recordFile);
    record.set('left', left.pid ?? 0);
    record.set('foreign', stranger.pid ?? 0);
    await replaceSignature('foreign');
    expect(await endLeftovers(recordFile)).toEqual(['left']);
    expect(await isRunning(left.pid ?? 0)).toBe(false);
    expect(await isRunning(stranger.pid ?? 0)).toBe(true);
    record.remove();
    await expect(stat(recordFile)).rejects.toThrow(/ENOENT/);
    expect(await endLeftovers(recordFile)).toEqual([]);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRunning, waitUntilEnded } from '@fulfillment/local/process-table';
import { dataDirectoryFor } from '@fulfillment/local/postgres/machine-folder';
import { readPostmasterFile } from '@fulfillment/local/postgres/postmaster-file';
import { freePort } from '../kit/free-port.js';

const programs = fileURLToPath(new URL('../../docker/local/dist/', import.meta.url));

/** How a command ended and what it said, both streams together. */
export interface Outcome {
  readonly code: number | null;
  readonly text: string;
}

/** A built command of docker/local that runs. */
export class LocalRun {
  readonly #child: ChildProcess;
  #text = '';
  readonly ended: Promise<Outcome>;

  constructor(program: 'main.js' | 'token.js', args: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [path.join(programs, program), ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (data) => (this.#text += String(data)));
    }
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => resolve({ code, text: this.#text }));
    });
  }

  get text(): string {
    return this.#text;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits for the last line of the welcome; an end before it is an error that tells all that was said. */
  async untilReady(): Promise<string> {
    const ended = this.ended.then(({ code }) => `ended with ${code}`);
    while (!this.#text.includes('Ctrl-C stops everything.')) {
      const pause = new Promise<undefined>((resolve) => void setTimeout(resolve, 50, undefined));
      const end = await Promise.race([ended, pause]);
      if (end !== undefined) throw new Error(`npm start ${end}:\n${this.#text}`);
    }
    return this.#text;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** Every process of a run: what it wrote down, the database server, and the supervisor itself. */
export async function processesOf(run: LocalRun, dataFolder: string): Promise<number[]> {
  const record = JSON.parse(await readFile(path.join(dataFolder, 'processes.json'), 'utf8')) as {
    children: { pid: number }[];
  };
  const server = await readPostmasterFile(await dataDirectoryFor(dataFolder));
  if (server === undefined) throw new Error('No PostgreSQL runs on the data folder.');
  return [run.pid, ...record.children.map(({ pid }) => pid), server.pid];
}

/** Those of the processes that still run after up to `milliseconds`. */
export async function survivors(pids: readonly number[], milliseconds: number): Promise<number[]> {
  await Promise.all(pids.map((pid) => waitUntilEnded(pid, milliseconds)));
  const alive = await Promise.all(pids.map((pid) => isRunning(pid)));
  return pids.filter((_pid, index) => alive[index]);
}

/** Listens on a free port of this machine, or on the given one. */
export async function listen(port = 0): Promise<{ port: number; close: () => Promise<void> }> {
  const server: Server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return { port: address.port, close: () => new Promise((resolve) => void server.close(() => resolve())) };
}

/** As many free ports, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await freePort());
  return [...found];
}

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What a process has used since its start. */
export interface Usage {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Requests to services while they were counted. */
  readonly serviceRequests: number;
}

export type UsageQuestion = 'usage' | 'collect' | 'count' | 'stopCounting';

/** A process of the benchmark. It ends with the benchmark, however that ends. */
export interface Child {
  ask(question: UsageQuestion): Promise<Usage>;
  /** Sends a message and waits for the next one from it. */
  exchange<Answer>(message: unknown): Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export interface ChildOptions {
  readonly name: string;
  /** Path of the module that it runs. */
  readonly entry: string;
  readonly nodeArguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The cores that it may run on; those of this process when left out. */
  readonly cores?: string | undefined;
}

const reporter = fileURLToPath(new URL('usage-reporter.mjs', import.meta.url));
const patienceMs = 60_000;

/** How node runs our TypeScript: it is compiled when it is loaded, so that it then runs as built code does. */
export const typescriptArguments = ['--conditions=source', '--import', 'tsx'];

/** Starts a process that can be asked what it uses. Its standard output is dropped, its errors are shown when it fails. */
export function startChild({ name, entry, environment, cores, nodeArguments = [] }: ChildOptions): Child {
  const command = [process.execPath, ...nodeArguments, '--import', reporter, entry];
  const [file = '', ...rest] = cores === undefined ? command : ['taskset', '-c', cores, ...command];
  const child = spawn(file, rest, {
    // Out of the terminal's group: an interrupt reaches the benchmark alone, which then stops its processes in order.
    detached: true,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const complaints = lastLines(child);
  const exchange = <Answer>(message: unknown) =>
    new Promise<Answer>((resolve, reject) => {
      const ended = () => {
        reject(new Error(`${name} ended:\n${complaints()}`));
      };
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer as Answer);
      });
      if (child.connected) child.send(message as object);
      else ended();
    });
  return { ask: (question) => exchange<Usage>(question), exchange, stop: () => stop(child) };
}

/** Waits until something answers at an address: whatever it answers. */
export async function untilListening(child: Child, url: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    // Tells of a process that has ended, with what it said.
    await child.ask('usage');
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return void (await answer.arrayBuffer());
    if (performance.now() > deadline) throw new Error(`Nothing answers at ${url} after a minute`);
    await sleep(50);
  }
}

function lastLines(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4_000);
  });
  return () => text.trim();
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(force);
}

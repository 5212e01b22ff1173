import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { percentiles } from '../percentiles.js';
import { processorTime } from '../processor-time.js';
import type { Contender } from './contenders.js';

/** A round of one contender. */
export interface Round {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU seconds for 1,000 requests, of all processes of the contender and of PostgreSQL. */
  readonly cpuPer1000: number;
  /** Part of the requests that the gateway would not begin, because it had more to do than it could. */
  readonly refused: number;
}

/**
 * Sends requests over so many connections for so long, each as soon as the one before is answered, for one deployment after the
 * other.
 * @throws when an answer is neither whole nor a refusal under overload
 */
export async function measure(
  { name, url, pids, requests }: Contender,
  postgres: Postgres,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Round> {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections });
  const latencies: number[] = [];
  let refused = 0;
  const before = await cpuOf(pids);
  const spentByPostgres = await postgres.startCounting();
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let turn = Math.floor(Math.random() * requests.length);
  const send = async () => {
    while (performance.now() < until) {
      const request = requests[turn++ % requests.length];
      if (request === undefined) throw new Error('There is nothing to ask for');
      const sentAt = performance.now();
      const { statusCode, body } = await pool.request({ method: 'POST', path, ...request });
      const text = await body.text();
      if (statusCode === 503) {
        refused += 1;
        continue;
      }
      latencies.push(performance.now() - sentAt);
      if (statusCode !== 200 || text.includes('"errors"')) {
        throw new Error(`${name} answered ${statusCode}: ${text.slice(0, 500)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  const took = (performance.now() - startedAt) / 1000;
  const spent = (await cpuOf(pids)) - before + (await spentByPostgres());
  await pool.close();
  const { p50, p99, count } = percentiles(latencies);
  return {
    perSecond: count / took,
    p50,
    p99,
    cpuPer1000: (spent / 1_000_000 / count) * 1000,
    refused: refused / (refused + count),
  };
}

async function cpuOf(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(pids.map(processorTime));
  return times.reduce((sum, time) => sum + time, 0);
}

/** The database server's processes. */
export interface Postgres {
  /** Gives what they have used since, in microseconds, of those that are still there. */
  startCounting(): Promise<() => Promise<number>>;
}

/** Finds the processes of a server of this machine: those that its main process has started. */
export async function findPostgres(adminUrl: string): Promise<Postgres> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const main = await parentOf(rows[0]?.pid ?? 0);
  await client.end();
  return {
    async startCounting() {
      const before = await timesUnder(main);
      return async () => {
        const now = await timesUnder(main);
        return [...now].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? 0), 0);
      };
    },
  };
}

/** What each process that another one has started has used; one may end while it is looked at. */
async function timesUnder(parent: number): Promise<Map<number, number>> {
  const all = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid));
  const times = await Promise.all(
    all.map(async (pid) => {
      const isOwn = (await parentOf(pid).catch(() => 0)) === parent;
      return isOwn ? [[pid, await processorTime(pid).catch(() => 0)] as const] : [];
    }),
  );
  return new Map(times.flat());
}

async function parentOf(pid: number): Promise<number> {
  const afterName = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1) ?? '';
  return Number(afterName.split(' ')[1]);
}

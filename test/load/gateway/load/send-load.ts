import { Pool } from 'undici';
import { percentiles } from '../../percentiles.js';
import { canonicalAnswer } from '../canonical-json.js';
import { requestsInTurn, type ReadyRequest, type Workload } from '../workload.js';

/** How much to send, where to. */
export interface LoadOrder {
  /** The gateway's GraphQL address. */
  readonly url: string;
  /** Each sends its next request as soon as it has its answer. */
  readonly connections: number;
  readonly seconds: number;
  readonly workload: Workload;
  readonly firstPage: number;
}

/** What came of it. Times are in milliseconds. */
export interface LoadOutcome {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
  /** What was wrong with the first answer that was. */
  readonly firstFailure?: string;
}

/**
 * Sends requests over so many connections for so long and waits for every answer. Each answer is looked at for its
 * status, errors, page and length; the first of each connection is compared as a whole, after the time has been taken.
 */
export async function sendLoad(order: LoadOrder): Promise<LoadOutcome> {
  const { url, connections, seconds, workload, firstPage } = order;
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  const nextRequest = requestsInTurn(workload, firstPage);
  const latencies: number[] = [];
  const failures: string[] = [];
  const toCompare: { readonly request: ReadyRequest; readonly text: string }[] = [];

  const send = async (request: ReadyRequest): Promise<Buffer> => {
    const startedAt = performance.now();
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path,
      headers: request.headers,
      body: request.body,
    });
    const bytes = Buffer.from(await body.arrayBuffer());
    latencies.push(performance.now() - startedAt);
    const problem = problemOf(statusCode, bytes, request);
    if (problem !== undefined) failures.push(problem);
    return bytes;
  };
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const keepSending = async () => {
    const first = nextRequest();
    toCompare.push({ request: first, text: (await send(first)).toString() });
    while (performance.now() < until) await send(nextRequest());
  };
  try {
    await Promise.all(Array.from({ length: connections }, keepSending));
    const took = (performance.now() - startedAt) / 1000;
    failures.push(...toCompare.flatMap(({ request, text }) => unequal(text, request)));
    const { p50, p99, count } = percentiles(latencies);
    const told = failures[0] === undefined ? {} : { firstFailure: failures[0] };
    return { requests: count, seconds: took, p50, p99, failures: failures.length, ...told };
  } finally {
    await pool.close();
  }
}

/** What every answer is held to, at next to no cost. */
function problemOf(status: number, bytes: Buffer, { page, fewestBytes }: ReadyRequest): string | undefined {
  const isRight =
    status === 200 &&
    bytes.length >= fewestBytes &&
    !bytes.includes('"errors":') &&
    (page === undefined || bytes.includes(page));
  return isRight ? undefined : `HTTP ${status}: ${bytes.subarray(0, 500).toString()}`;
}

function unequal(text: string, { expected }: ReadyRequest): string[] {
  try {
    if (canonicalAnswer(text) === expected()) return [];
  } catch {
    // Not JSON: told of below, as it is.
  }
  return [`Not the expected answer: ${text.slice(0, 500)}`];
}

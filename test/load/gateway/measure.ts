import { median } from '../percentiles.js';
import type { ContenderName, RunningContender } from './contenders.js';
import type { LoadOrder, LoadOutcome } from './load/send-load.js';
import type { Child } from './processes/child.js';
import type { Figures, RequestKind } from './result.js';
import type { AnsweredQuery } from './verify.js';
import type { Workload } from './workload.js';

/** How long and how often each contender is measured. */
export interface MeasureSettings {
  readonly seconds: number;
  readonly rounds: number;
}

/** One scenario and everything that it needs. */
export interface Measure extends MeasureSettings {
  readonly contenders: readonly RunningContender[];
  /** The load generator. */
  readonly load: Child;
  readonly workload: Workload;
  readonly connections: number;
  readonly onRound: (round: number, contender: ContenderName) => void;
  readonly signal: AbortSignal;
}

interface Round extends LoadOutcome {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

interface Counted extends LoadOutcome {
  readonly serviceRequests: number;
}

/** Before a scenario each contender is asked for this long, while its requests to services are counted. */
const countedSeconds = 0.4;

let pagesUsed = 0;
/** More than any round can ask for. */
const pagesOfRound = 200_000;

/** All distinct: every request once in turn, or every page once. Identical: the first one alone. */
export function workloadOf({ requests, hasPages }: AnsweredQuery, kind: RequestKind): Workload {
  const distinct = kind === 'distinct';
  return { requests: distinct ? requests : requests.slice(0, 1), everyPageOnce: hasPages && distinct };
}

/**
 * Measures the contenders in turns, forth in one round and back in the next, so that what changes on the machine in the
 * meantime does the same to all. Each starts and ends a round idle, so its CPU time is that of the round's requests.
 */
export async function measureScenario(measure: Measure): Promise<Figures[]> {
  const { contenders, rounds, onRound, signal } = measure;
  const counted = new Map<ContenderName, Counted>();
  const measured = new Map<ContenderName, Round[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) {
    signal.throwIfAborted();
    onRound(0, contender.name);
    counted.set(contender.name, await countServiceRequests(measure, contender));
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of round % 2 === 1 ? contenders : contenders.toReversed()) {
      signal.throwIfAborted();
      onRound(round, contender.name);
      measured.get(contender.name)?.push(await measureRound(measure, contender));
    }
  }
  return contenders.map(({ name }) => figures(name, measured.get(name) ?? [], counted.get(name)));
}

/** Has a contender compile what it needs, so that rounds meet it as it is after a while of work. */
export async function warmUp(
  load: Child,
  contender: RunningContender,
  workload: Workload,
  seconds: number,
): Promise<void> {
  await send(load, { url: contender.url, connections: 8, seconds, workload, firstPage: nextPages() });
}

async function countServiceRequests(
  { load, ...order }: Measure,
  { url, child }: RunningContender,
): Promise<Counted> {
  await child.ask('count');
  const { workload, connections } = order;
  const outcome = await send(load, {
    url,
    connections,
    seconds: countedSeconds,
    workload,
    firstPage: nextPages(),
  });
  const { serviceRequests } = await child.ask('stopCounting');
  return { ...outcome, serviceRequests };
}

async function measureRound(
  { load, workload, connections, seconds }: Measure,
  { url, child }: RunningContender,
): Promise<Round> {
  const before = await child.ask('usage');
  const outcome = await send(load, { url, connections, seconds, workload, firstPage: nextPages() });
  const after = await child.ask('usage');
  return { ...outcome, cpuSeconds: after.cpuSeconds - before.cpuSeconds, rssBytes: after.rssBytes };
}

async function send(load: Child, order: LoadOrder): Promise<LoadOutcome> {
  return load.exchange<LoadOutcome>(order);
}

function nextPages(): number {
  pagesUsed = (pagesUsed + pagesOfRound) % 99_000_000;
  return pagesUsed;
}

function figures(contender: ContenderName, rounds: readonly Round[], counted: Counted | undefined): Figures {
  const middle = (pick: (round: Round) => number) => median(rounds.map(pick));
  const all = [...rounds, ...(counted === undefined ? [] : [counted])];
  const firstFailure = all.find(({ failures }) => failures > 0)?.firstFailure;
  return {
    contender,
    requestsPerSecond: middle(({ requests, seconds }) => requests / seconds),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    cpuSecondsPer1000: middle(({ cpuSeconds, requests }) => (cpuSeconds / requests) * 1000),
    rssMegabytes: Math.max(...rounds.map(({ rssBytes }) => rssBytes)) / 1e6,
    serviceRequestsPerRequest:
      counted === undefined ? Number.NaN : counted.serviceRequests / counted.requests,
    failures: all.reduce((total, { failures }) => total + failures, 0),
    ...(firstFailure === undefined ? {} : { firstFailure }),
  };
}

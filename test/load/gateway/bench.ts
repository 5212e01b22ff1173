import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Progress } from '@fulfillment/local/progress';
import {
  floors,
  gateways,
  ours,
  startContender,
  type Contender,
  type ContenderName,
  type RunningContender,
} from './contenders.js';
import { answerKey, type FloorRequest } from './floor/answers.js';
import type { BenchGraph, GraphName } from './graphs/graph.js';
import { startServiceGraph } from './graphs/service-graph.js';
import { startStandInGraph } from './graphs/stand-in-graph.js';
import { startLoad } from './load/load-process.js';
import { measureScenario, warmUp, workloadOf } from './measure.js';
import type { BenchOptions } from './options.js';
import type { Child } from './processes/child.js';
import type { CoreSplit } from './processes/cores.js';
import { scenarioTitle } from './report.js';
import { requestKinds, type LeftOut, type Scenario, type ScenarioName } from './result.js';
import { answersOf, difference, type AnsweredQuery } from './verify.js';

/** What a run needs of its surroundings. */
export interface BenchSetting {
  readonly options: BenchOptions;
  readonly cores: CoreSplit | null;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What was measured over one graph. */
export interface GraphBench {
  readonly scenarios: readonly Scenario[];
  readonly leftOut: readonly LeftOut[];
}

const startGraph: Readonly<Record<GraphName, () => Promise<BenchGraph>>> = {
  'stand-ins': () => startStandInGraph(),
  services: () => startServiceGraph(),
};

/** How long a contender works on each query before it is measured. */
const warmUpSeconds = 2.5;

/**
 * Measures every contender over one graph: starts the services and all gateways, holds each one's answers against ours,
 * and only then measures those that answer alike. Nothing is left running, whatever happens.
 */
export async function benchGraph(name: GraphName, setting: BenchSetting): Promise<GraphBench> {
  const { progress, signal } = setting;
  const cleanUp: (() => Promise<void>)[] = [];
  try {
    const graph = await progress.step(
      `${name}: starting the services`,
      startGraph[name],
      () => `${name}: services run`,
    );
    cleanUp.push(graph.stop);
    signal.throwIfAborted();
    const load = startLoad();
    cleanUp.push(load.stop);
    const { contenders, queries, leftOut } = await startContenders(graph, setting, cleanUp);
    await progress.step(
      `${name}: warming up`,
      async (update) => {
        for (const contender of contenders) {
          for (const query of queries) {
            signal.throwIfAborted();
            update(`${contender.name}, ${query.name}`);
            await warmUp(load, contender, workloadOf(query, 'distinct'), warmUpSeconds);
          }
        }
      },
      () => `${name}: warm`,
    );
    const scenarios: Scenario[] = [];
    for (const query of queries) {
      for (const requests of requestKinds) {
        for (const connections of setting.options.connections) {
          const named: ScenarioName = { graph: name, query: query.name, requests, connections };
          scenarios.push(await benchScenario(named, query, contenders, load, setting));
        }
      }
    }
    return { scenarios, leftOut };
  } finally {
    for (const work of cleanUp.toReversed()) {
      await work().catch((error: unknown) => progress.line(`! Not cleaned up: ${String(error)}`));
    }
  }
}

async function benchScenario(
  named: ScenarioName,
  query: AnsweredQuery,
  contenders: readonly RunningContender[],
  load: Child,
  { options, progress, signal }: BenchSetting,
): Promise<Scenario> {
  const { seconds, rounds } = options;
  const { requests, connections } = named;
  // The floor with a token stands beside what is asked with tokens of many.
  const measured = contenders.filter(({ name }) => name !== 'floor+token' || !query.hasPages);
  const title = scenarioTitle(named);
  const figures = await progress.step(
    title,
    (update) =>
      measureScenario({
        contenders: measured,
        load,
        workload: workloadOf(query, requests),
        connections,
        seconds,
        rounds,
        signal,
        onRound: (round, contender) =>
          update(
            round === 0 ? `counting fetches: ${contender}` : `round ${round} of ${rounds}: ${contender}`,
          ),
      }),
    () => title,
  );
  return { ...named, figures };
}

/** Starts all that is to be measured; what does not start or answers otherwise than ours is left out. */
async function startContenders(
  graph: BenchGraph,
  { options, cores, progress, signal }: BenchSetting,
  cleanUp: (() => Promise<void>)[],
) {
  const leftOut: LeftOut[] = [];
  const contenders: RunningContender[] = [];
  const leaveOut = (contender: ContenderName, reason: string) => {
    leftOut.push({ graph: graph.name, contender, reason });
    progress.line(`! ${contender} is left out over ${graph.name}: ${reason}`);
  };
  const start = async (contender: Contender) => {
    signal.throwIfAborted();
    const running = await startContender(contender, graph, { cores: cores?.gateway });
    cleanUp.push(running.child.stop);
    return running;
  };
  const ourOwn = await progress.step(`${graph.name}: starting ours`, () => start(ours));
  const queries: AnsweredQuery[] = [];
  for (const query of graph.queries) {
    signal.throwIfAborted();
    queries.push(await answersOf(ourOwn, query));
  }
  const floorFile = await writeFloor(queries, cleanUp);
  const others = [...gateways, ...floors(floorFile)].filter((one) => one !== ours);
  await progress.step(
    `${graph.name}: holding answers against ours`,
    async (update) => {
      for (const contender of others.filter(({ name }) => options.contenders.includes(name))) {
        update(contender.name);
        try {
          const running = await start(contender);
          const problem = await difference(running, queries);
          if (problem === null) contenders.push(running);
          else leaveOut(contender.name, `It answers otherwise: ${problem}`);
        } catch (error) {
          signal.throwIfAborted();
          leaveOut(contender.name, error instanceof Error ? error.message : String(error));
        }
      }
    },
    () => `${graph.name}: ${contenders.length} answer as ours does`,
  );
  return { contenders: [ourOwn, ...contenders], queries, leftOut };
}

/** Writes the file that floors answer from: the bytes that ours answered. */
async function writeFloor(
  queries: readonly AnsweredQuery[],
  cleanUp: (() => Promise<void>)[],
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gateway-bench-floor-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'answers.json');
  const answers = queries.flatMap(({ requests }) =>
    requests.map(({ body, answered }) => [answerKey(JSON.parse(body) as FloorRequest), answered] as const),
  );
  await writeFile(file, JSON.stringify(Object.fromEntries(answers)));
  return file;
}

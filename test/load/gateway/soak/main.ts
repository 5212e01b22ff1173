// Steady load on our gateway, complete as in production, and whether its memory stays flat.
import { parseArgs } from 'node:util';
import { ours, startContender, type Contender, type RunningContender } from '../contenders.js';
import { startStandInGraph } from '../graphs/stand-in-graph.js';
import { startLoad } from '../load/load-process.js';
import type { LoadOutcome } from '../load/send-load.js';
import { splitCores } from '../processes/cores.js';
import { answersOf, type AnsweredQuery } from '../verify.js';
import { memoryVerdict, type MemorySample } from './memory-trend.js';
import { soakWorkload } from './workload.js';

const usage = `Puts a steady load on our gateway and says whether its memory stays flat.

  npm run bench:soak -- [options]

  --minutes N      how long (10)
  --connections N  how many clients ask at the same time (16)
`;

const secondsPerMinute = 60;
const viewers = 200;

/** With room for the prepared operations of two minutes, so that what is given up is seen to go. */
const oursWithLittleRoom: Contender = {
  ...ours,
  environment: (graph) => ({ ...ours.environment(graph), OPERATION_CACHE_MB: '4' }),
};

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    connections: { type: 'string', default: '16' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await soak(count('--minutes', values.minutes), count('--connections', values.connections));

async function soak(minutes: number, connections: number): Promise<void> {
  const cores = await splitCores();
  const graph = await startStandInGraph(viewers);
  const load = startLoad();
  let gateway: RunningContender | undefined;
  try {
    gateway = await startContender(oursWithLittleRoom, graph, {
      cores: cores?.gateway,
      nodeArguments: ['--expose-gc'],
    });
    const queries: AnsweredQuery[] = [];
    for (const query of graph.queries) queries.push(await answersOf(gateway, query));
    const samples: MemorySample[] = [];
    process.stdout.write('minute       req/s     heap MB      RSS MB\n');
    for (let minute = 1; minute <= minutes && !interrupted.signal.aborted; minute += 1) {
      const outcome = await load.exchange<LoadOutcome>({
        url: gateway.url,
        connections,
        seconds: secondsPerMinute,
        workload: soakWorkload(queries, minute),
        firstPage: minute * 500_000,
      });
      const { heapBytes, rssBytes } = await gateway.child.ask('collect');
      const sample = { minute, heap: heapBytes / 1e6, rss: rssBytes / 1e6 };
      samples.push(sample);
      tell(sample, outcome);
    }
    const verdict = memoryVerdict(samples);
    process.stdout.write(`Memory: ${verdict}\n`);
    if (verdict === 'growing') process.exitCode = 1;
  } finally {
    await Promise.all([gateway?.child.stop(), load.stop()]);
    await graph.stop();
  }
}

function tell(
  { minute, heap, rss }: MemorySample,
  { requests, seconds, failures, firstFailure }: LoadOutcome,
): void {
  const cells = [String(minute), (requests / seconds).toFixed(0), heap.toFixed(1), rss.toFixed(1)];
  const failed = failures > 0 ? `   ${failures} wrong answers, the first: ${firstFailure}` : '';
  process.stdout.write(
    `${cells.map((cell, place) => cell.padStart(place === 0 ? 6 : 12)).join('')}${failed}\n`,
  );
  if (failures > 0) process.exitCode = 1;
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${option} ${text}: must be a whole number above 0`);
  return number;
}

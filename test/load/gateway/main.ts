import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Progress } from '@fulfillment/local/progress';
import { benchGraph, type GraphBench } from './bench.js';
import { benchChart } from './chart.js';
import { readOptions, usage, type BenchOptions } from './options.js';
import { installPeers, peersAreInstalled } from './peers-package.js';
import { splitCores } from './processes/cores.js';
import { benchReport } from './report.js';
import type { BenchResult } from './result.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Where a result is kept that the README shows, and where any other is. */
const kept = { result: 'test/load/gateway/result.json', chart: 'gateway/bench.svg' };
const latest = { result: '.data/bench-gateway.json', chart: '.data/bench-gateway.svg' };

const interrupted = new AbortController();
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(usage);
  else await bench(options);
} catch (error) {
  if (!interrupted.signal.aborted)
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}

async function bench(options: BenchOptions): Promise<void> {
  const { signal } = interrupted;
  const progress = new Progress(process.stdout);
  const cores = await splitCores();
  if (!(await peersAreInstalled())) {
    await progress.step('installing the gateways to compare with', () => installPeers(signal));
  }
  const benches: GraphBench[] = [];
  for (const graph of options.graphs)
    benches.push(await benchGraph(graph, { options, cores, progress, signal }));
  const { seconds, rounds } = options;
  const result: BenchResult = {
    machine: {
      measuredOn: new Date().toISOString().slice(0, 10),
      node: process.versions.node,
      cpu: cpus()[0]?.model ?? 'unknown processor',
      cores: cpus().length,
      pinned: cores !== null,
    },
    seconds,
    rounds,
    scenarios: benches.flatMap(({ scenarios }) => scenarios),
    leftOut: benches.flatMap(({ leftOut }) => leftOut),
  };
  process.stdout.write(`\n${benchReport(result)}\n`);
  await keep(result, options.save ? kept : latest);
  if (result.leftOut.length > 0 || isWrong(result)) process.exitCode = 1;
}

async function keep(result: BenchResult, files: typeof kept): Promise<void> {
  for (const [file, text] of [
    [files.result, `${JSON.stringify(result, null, 2)}\n`],
    [files.chart, benchChart(result)],
  ] as const) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
    process.stdout.write(`Written: ${file}\n`);
  }
}

/** True when a contender gave an answer under load that was not the expected one. */
function isWrong({ scenarios }: BenchResult): boolean {
  return scenarios.some(({ figures }) => figures.some(({ failures }) => failures > 0));
}

function interrupt(): void {
  if (interrupted.signal.aborted) process.exit(130);
  process.stderr.write('\nStopping; once more to stop at once.\n');
  interrupted.abort();
}

import { contenderTitles } from './contenders.js';
import { type BenchResult, figuresOf, type Figures, type Scenario, type ScenarioName } from './result.js';

/** A result as a person reads it: a table for each scenario. */
export function benchReport(result: BenchResult): string {
  const { machine, rounds, seconds, leftOut } = result;
  const pinning = machine.pinned
    ? 'the gateway on a core of its own, load and services on the others'
    : 'nothing is tied to a core';
  return [
    ...result.scenarios.flatMap((scenario) => [...table(scenario), '']),
    ...leftOut.map(({ graph, contender, reason }) => `Not measured over ${graph}: ${contender}. ${reason}`),
    `All on Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores; ${pinning}.`,
    `Medians of ${rounds} rounds of ${seconds} s, forth and back. CPU is that of the gateway's process alone.`,
  ].join('\n');
}

/** A scenario in words. */
export function scenarioTitle({ graph, query, requests, connections }: ScenarioName): string {
  const where = graph === 'stand-ins' ? `${query} query` : `product Entitlements over our services`;
  return `${where}, ${requests} requests, ${connections} ${connections === 1 ? 'connection' : 'connections'}`;
}

function table(scenario: Scenario): string[] {
  const ours = figuresOf(scenario, 'ours');
  const header = row('', ['req/s', 'p50 ms', 'p99 ms', 'CPU s/1,000', 'to ours', 'MB', 'fetches']);
  return [scenarioTitle(scenario), header, ...scenario.figures.map((figures) => line(figures, ours))];
}

function line(figures: Figures, ours: Figures | undefined): string {
  const ratio = ours === undefined ? Number.NaN : figures.cpuSecondsPer1000 / ours.cpuSecondsPer1000;
  const failed = figures.failures > 0 ? `  ${figures.failures} wrong answers` : '';
  const cells = [
    figures.requestsPerSecond.toFixed(0),
    figures.p50.toFixed(2),
    figures.p99.toFixed(2),
    figures.cpuSecondsPer1000.toFixed(3),
    `${ratio.toFixed(2)}x`,
    figures.rssMegabytes.toFixed(0),
    figures.serviceRequestsPerRequest.toFixed(2),
  ];
  return row(contenderTitles[figures.contender], cells) + failed;
}

function row(title: string, cells: readonly string[]): string {
  return `  ${title.padEnd(42)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

import { parseArgs } from 'node:util';
import { startLoadSystem, type LoadSystem } from '../load-system.js';
import { median } from '../percentiles.js';
import { startContenders, type Contender } from './contenders.js';
import { findPostgres, measure, type Round } from './measure.js';
import { multiplyDeployments, type Target } from './multiply-deployments.js';
import { activateMachines, measureSynchronizations, measureUpserts } from './instance-synchronization.js';
import { describeCosts, withCosts } from './processor-costs.js';
import { measureReports, type Throughput } from './seat-synchronization.js';

const usage = `Measures the product's Entitlements operation through the gateway, which keeps nothing, beside the same facts by one
statement behind a bare route, and beside the floor of the architecture; then how many deployments a second report their seats.

  npm run bench:entitlements -- [options]

  --deployments N  how many deployments there are (100000)
  --rounds N       how many rounds of each, in turns (3)
  --seconds N      how long a round is (8)
  --seats          measure how seats are reported alone
  --profile DIR    write a CPU profile of each process of the system there

Linux alone. Ends with 1 when an aim is missed.
`;

const connectionCounts = [4, 50] as const;
/** Different deployments that are asked for, spread over all of them. */
const asked = 2_000;
const seededAccounts = 1_000;
const warmUpSeconds = 40;
/** Not counted, before each round: a process that rested while the others were measured costs more for its first thousand requests. */
const settleSeconds = 15;
const settleConnections = 16;
/** Instances that synchronize themselves, at the most. */
const instances = 200;

const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    profile: { type: 'string' },
    seats: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else {
  const { profile } = values;
  const moreArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const startedAt = performance.now();
  const wanted = count(values.deployments);
  const system = await startLoadSystem(Math.min(seededAccounts, wanted), { moreArguments, silent: true });
  try {
    const targets = await multiplyDeployments(system.server.urls, wanted);
    const loading = (performance.now() - startedAt) / 1000;
    say(`${targets.length} deployments, loaded in ${loading.toFixed(0)} s\n`);
    const seconds = count(values.seconds);
    if (!values.seats) await bench(system, targets, { rounds: count(values.rounds), seconds });
    await reportSeats(system, targets, seconds);
  } finally {
    await system.stop();
  }
}

async function bench(
  system: LoadSystem,
  targets: readonly Target[],
  options: { readonly rounds: number; readonly seconds: number },
): Promise<void> {
  const step = Math.max(1, Math.floor(targets.length / asked));
  const sample = targets.filter((_, index) => index % step === 0).slice(0, asked);
  const contenders = await startContenders(system, sample);
  const results = new Map<string, Round[]>();
  try {
    const postgres = await findPostgres(system.server.adminUrl);
    // Code that runs for the first time is slow; the system has more of it than the others.
    for (const one of contenders.all)
      await measure(one, postgres, { connections: 16, seconds: warmUpSeconds });
    for (let round = 0; round < options.rounds; round += 1) {
      for (const connections of connectionCounts) {
        for (const one of contenders.all) {
          const key = keyOf(one, connections);
          await measure(one, postgres, { connections: settleConnections, seconds: settleSeconds });
          const measured = await measure(one, postgres, { connections, seconds: options.seconds });
          results.set(key, [...(results.get(key) ?? []), measured]);
        }
      }
    }
  } finally {
    contenders.stop();
  }
  report(contenders.all, results);
}

function report(contenders: readonly Contender[], results: ReadonlyMap<string, readonly Round[]>): void {
  say(
    `${''.padEnd(28)}${'connections'.padStart(12)}${'requests/s'.padStart(12)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'CPU s/1000'.padStart(12)}${'refused'.padStart(9)}`,
  );
  const middles = new Map<string, Round>();
  for (const connections of connectionCounts) {
    for (const one of contenders) {
      const middle = middleOf(results.get(keyOf(one, connections)) ?? []);
      middles.set(keyOf(one, connections), middle);
      const { perSecond, p50, p99, cpuPer1000, refused } = middle;
      say(
        `${one.name.padEnd(28)}${String(connections).padStart(12)}${perSecond.toFixed(0).padStart(12)}` +
          `${p50.toFixed(1).padStart(9)}${p99.toFixed(1).padStart(9)}${cpuPer1000.toFixed(2).padStart(12)}${`${(refused * 100).toFixed(0)} %`.padStart(9)}`,
      );
    }
  }
  const [product, , floor] = contenders;
  if (product === undefined || floor === undefined) throw new Error('Something was not measured');
  const at = (one: Contender, connections: number) => middles.get(keyOf(one, connections));
  for (const connections of connectionCounts) {
    const share = (at(floor, connections)?.cpuPer1000 ?? 0) / (at(product, connections)?.cpuPer1000 ?? 1);
    judge(
      `of the floor's requests for a CPU second, ${connections} connections`,
      share,
      share >= 1 / 3,
      'a third',
    );
  }
  const p99 = at(product, 4)?.p99 ?? Infinity;
  judge('ms for 99 of 100 answers, 4 connections', p99, p99 < 25, 'under 25');
  say('\nMedians of the rounds. CPU: of all processes of each, and of PostgreSQL.\n');
}

async function reportSeats(system: LoadSystem, targets: readonly Target[], seconds: number): Promise<void> {
  const machines = await activateMachines(system, targets, instances);
  const load = { clients: 16, seconds };
  await measureSynchronizations(system, machines, load);
  const synchronized = await aimed(system, 'instances a second synchronize themselves', 300, () =>
    measureSynchronizations(system, machines, load),
  );
  const { perSecond: floor } = await measureUpserts(system, load);
  say(
    `${floor.toFixed(2).padStart(9)} upserts a second by a bare route: ${(floor / synchronized).toFixed(1)} for each of them`,
  );
  await aimed(system, 'deployments a second report their seats one by one', 300, () =>
    measureReports(system, targets, { atOnce: 1, clients: 16, seconds }),
  );
  await aimed(system, 'deployments a second report their seats in bulk', 2_000, () =>
    measureReports(system, targets, { atOnce: 1_000, clients: 2, seconds }),
  );
}

async function aimed(
  system: LoadSystem,
  what: string,
  aim: number,
  load: () => Promise<Throughput>,
): Promise<number> {
  const { result, costs } = await withCosts(system, load);
  judge(what, result.perSecond, result.perSecond >= aim, String(aim));
  say(describeCosts(costs, result.done));
  return result.perSecond;
}

function judge(what: string, value: number, reached: boolean, aim: string): void {
  say(`${value.toFixed(2).padStart(9)} ${what} (aim: ${aim}): ${reached ? 'reached' : 'missed'}`);
  if (!reached) process.exitCode = 1;
}

function middleOf(rounds: readonly Round[]): Round {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    cpuPer1000: of(({ cpuPer1000 }) => cpuPer1000),
    refused: of(({ refused }) => refused),
  };
}

function keyOf({ name }: Contender, connections: number): string {
  return `${name} ${connections}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`Not a count: ${text}\n\n${usage}`);
  return number;
}

import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { clientOperation } from '../../kit/operations.js';
import { createClients, type Tally } from './offer.js';
import { startPinnedGateway } from './pinned-gateway.js';
import { startStandIns } from './stand-ins.js';

const usage = `Offers the gateway three times the load that it can carry, and prints which part of its best throughput still succeeds.

  npm run bench:overload -- [options]

  --rounds N   how many rounds, each of the best throughput and of overload (3)
  --seconds N  how long each of the two is (10)

The gateway has processor 0 for itself; the clients and the stand-ins of the services share processor 1 (Linux alone).
Ends with 1 when less than 80 % succeed.
`;

const aim = 0.8;
const overload = 3;
const clientCounts = [16, 32, 64];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else await bench(Number(values.rounds), Number(values.seconds));

async function bench(rounds: number, seconds: number): Promise<void> {
  execFileSync('taskset', ['-cp', '1', String(process.pid)], { stdio: 'ignore' });
  const standIns = await startStandIns();
  const gateway = await startPinnedGateway(standIns.urls, { cpu: 0, viewers: 500 });
  const body = JSON.stringify({
    query: clientOperation('product/Entitlements'),
    variables: { deploymentKind: 'SAAS_NAMESPACE', externalId: 'acme' },
  });
  const clients = createClients(gateway.url, gateway.tokens, body);
  try {
    await clients.inTurn(32, 5);
    const [ofThroughput, ofWork]: [number[], number[]] = [[], []];
    for (let round = 1; round <= rounds; round += 1) {
      const best = await bestThroughput(seconds);
      const under = await measured(() => clients.atRate(overload * best.rate, seconds));
      ofThroughput.push(under.rate / best.rate);
      ofWork.push(under.perCpuSecond / best.perCpuSecond);
      say(`round ${round}: best ${told(best)}`);
      say(`         ${overload} times that: ${told(under)}`);
    }
    const ratio = median(ofThroughput);
    say(`\nunder ${overload} times the load that it can carry, in the median of ${rounds} rounds:`);
    say(`${percent(ratio)} of the best throughput succeeds (aim: ${percent(aim)})`);
    say(`${percent(median(ofWork))} for the same processor time, which others on this machine do not change`);
    if (ratio < aim) process.exitCode = 1;
  } finally {
    await clients.close();
    await gateway.stop();
    standIns.stop();
  }

  async function measured(work: () => Promise<Tally>): Promise<Measured> {
    const before = gateway.cpuSeconds();
    const tally = await work();
    return { ...tally, perCpuSecond: tally.succeeded / (gateway.cpuSeconds() - before) };
  }

  async function bestThroughput(inSeconds: number): Promise<Measured> {
    const found: Measured[] = [];
    for (const count of clientCounts) {
      found.push(await measured(() => clients.inTurn(count, inSeconds / clientCounts.length)));
    }
    return found.reduce((best, one) => (one.rate > best.rate ? one : best));
  }
}

interface Measured extends Tally {
  /** Successes for a second of the gateway's processor time. */
  readonly perCpuSecond: number;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor((numbers.length - 1) / 2)] ?? 0;
}

function told({ rate, perCpuSecond, shed, failed }: Measured): string {
  return `${rate.toFixed(0)}/s succeeded (${perCpuSecond.toFixed(0)} a CPU second), ${shed} refused, ${failed} failed`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

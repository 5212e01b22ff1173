import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { clientOperation } from '../../kit/operations.js';
import { startLoadSystem, type LoadSystem } from '../load-system.js';
import { median } from '../percentiles.js';
import { processorTime } from '../processor-time.js';

const rounds = 5;
const secondsOfRound = 4;
const connections = 16;
const aim = 2;
const accounts = 100;

/** A process that answers the operation at an address. */
interface Contender {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

process.stdout.write(
  'How much processor time the gateway takes for a product Entitlements operation that it has kept, beside a bare fastify\n' +
    `route that verifies the same token and writes the same bytes: ${rounds} rounds of ${secondsOfRound} s each, in turn.\n\n`,
);
const folder = await mkdtemp(path.join(tmpdir(), 'fulfillment-cached-'));
const system = await startLoadSystem(accounts, { silent: true });
const floors: ChildProcess[] = [];
try {
  await bench(system);
} finally {
  for (const floor of floors) floor.kill();
  await system.stop();
  await rm(folder, { recursive: true });
}

async function bench({ processes, server, buyers }: LoadSystem): Promise<void> {
  await processes.stop('gateway');
  await processes.start('gateway', { CHANGES_DATABASE_URL: server.urls.bus, LOG_LEVEL: 'silent' });
  const token = await processes.identity.issueToken({
    audience: 'product',
    account: buyers[0]?.accountId ?? '',
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = await bodyFor(processes.url, headers);
  const answer = await untilKept(processes.url, headers, body);
  await writeFile(path.join(folder, 'answer.json'), answer);
  const contenders: Contender[] = [
    { name: 'gateway', url: new URL(processes.url).origin, pid: processes.pid('gateway') ?? 0 },
    await startFloor('floor', 4601, processes.gatewayEnvironment),
    await startFloor('floor that remembers tokens', 4602, {
      ...processes.gatewayEnvironment,
      FLOOR_REMEMBERS: '1',
    }),
  ];
  const costs = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (const contender of contenders) await measure(contender, headers, body, answer, 2);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      costs.get(contender.name)?.push(await measure(contender, headers, body, answer, secondsOfRound));
    }
  }
  report(costs, answer.length);
}

/** What the first deployment of the account is called. */
async function bodyFor(url: string, headers: Record<string, string>): Promise<string> {
  const query = '{ currentAccount { deployments { kind externalId } } }';
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data } = (await response.json()) as {
    data: { currentAccount: { deployments: { kind: string; externalId: string }[] } };
  };
  const deployment = data.currentAccount.deployments[0];
  return JSON.stringify({
    query: clientOperation('product/Entitlements'),
    variables: { deploymentKind: deployment?.kind, externalId: deployment?.externalId },
  });
}

async function untilKept(url: string, headers: Record<string, string>, body: string): Promise<string> {
  let answer = '';
  for (let tries = 0; tries < 20; tries += 1) {
    answer = await (await fetch(url, { method: 'POST', headers, body })).text();
    await sleep(100);
  }
  if (answer.includes('"errors"')) throw new Error(`The operation has errors: ${answer.slice(0, 300)}`);
  return answer;
}

async function startFloor(name: string, port: number, environment: object): Promise<Contender> {
  const floor = fork(fileURLToPath(new URL('floor.ts', import.meta.url)), {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: {
      ...process.env,
      ...environment,
      NODE_ENV: 'production',
      PORT: String(port),
      FLOOR_FILE: path.join(folder, 'answer.json'),
    },
  });
  floors.push(floor);
  await once(floor, 'message');
  return { name, url: `http://127.0.0.1:${port}`, pid: floor.pid ?? 0 };
}

/** Processor time for a request, in microseconds. Every answer is looked at. */
async function measure(
  { url, pid }: Contender,
  headers: Record<string, string>,
  body: string,
  expected: string,
  seconds: number,
): Promise<number> {
  const pool = new Pool(url, { connections });
  const until = performance.now() + seconds * 1000;
  let answered = 0;
  const before = await processorTime(pid);
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
        if ((await response.body.text()) !== expected) throw new Error(`Another answer came from ${url}`);
        answered += 1;
      }
    }),
  );
  const spent = (await processorTime(pid)) - before;
  await pool.close();
  return spent / answered;
}

function report(costs: ReadonlyMap<string, readonly number[]>, bytes: number): void {
  process.stdout.write(
    `an answer of ${bytes} bytes, ${connections} connections; processor time for a request (median):\n`,
  );
  const gateway = median(costs.get('gateway') ?? []);
  for (const [name, measured] of costs) {
    const ratio =
      name === 'gateway' ? '' : `   the gateway takes ${(gateway / median(measured)).toFixed(2)} times that`;
    process.stdout.write(`  ${name.padEnd(30)} ${median(measured).toFixed(0).padStart(5)} µs${ratio}\n`);
  }
  const ratio = gateway / median(costs.get('floor') ?? []);
  process.stdout.write(`\naim: at most ${aim} times the floor: ${ratio <= aim ? 'reached' : 'missed'}\n`);
  if (!(ratio <= aim)) process.exitCode = 1;
}

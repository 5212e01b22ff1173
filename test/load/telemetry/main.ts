import pg from 'pg';
import { Pool } from 'undici';
import { freePort } from '../../kit/free-port.js';
import { createProcessGroup, processNames, type ProcessGroup } from '../../kit/process-group.js';
import { createViewerMint, internalViewer } from '../../kit/viewers.js';
import { startLoadSystem, type LoadSystem } from '../load-system.js';
import { median } from '../percentiles.js';
import { processorTime } from '../processor-time.js';

const rounds = Number(process.argv[2] ?? 16);
const secondsOfRound = 2;
const connections = 8;
const accounts = 100;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

/** A way in which a service may be run and asked. */
interface Contender {
  readonly name: string;
  readonly group: ProcessGroup;
  /** Whether the sender records the trace. */
  readonly flags: '00' | '01';
}

interface Question {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

process.stdout.write(
  'How much processor time a read costs the licenses service that tells nothing of itself, one with metrics and traces whose\n' +
    `requests are not recorded, and one whose requests are: ${rounds} rounds of ${secondsOfRound} s each, in turn.\n\n`,
);
const system = await startLoadSystem(accounts, { silent: true });
const groups: ProcessGroup[] = [];
try {
  await bench(system);
} finally {
  await Promise.all(groups.map((group) => group.stopAll()));
  await system.stop();
}

async function bench({ processes, server }: LoadSystem): Promise<void> {
  await Promise.all(processNames.map((name) => processes.stop(name)));
  const viewers = await createViewerMint();
  const viewerKeys = { VIEWER_JWKS: JSON.stringify(viewers.jwks) };
  const startLicenses = async (more: Readonly<Record<string, string>>) => {
    const group = await createProcessGroup(server.urls, { silent: true });
    groups.push(group);
    await group.start('licenses', { ...viewerKeys, ...more });
    return group;
  };
  const telling = async () => ({
    METRICS_PORT: String(await freePort()),
    // Nobody listens there: what is recorded is thrown away.
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    OTEL_TRACES_SAMPLER_ARG: '0',
  });
  // Processes differ by themselves: a second silent one shows by how much.
  const contenders: Contender[] = [
    { name: 'tells nothing', group: await startLicenses({}), flags: '00' },
    { name: 'tells nothing, again', group: await startLicenses({}), flags: '00' },
    { name: 'metrics, not recorded', group: await startLicenses(await telling()), flags: '00' },
    { name: 'metrics, recorded', group: await startLicenses(await telling()), flags: '01' },
  ];
  const body = await question(server.urls.licenses);
  const costs = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${await viewers.mint(internalViewer())}`,
        traceparent: `00-${traceId}-00f067aa0ba902b7-${contender.flags}`,
      };
      const cost = await measure(contender, { headers, body });
      // The first round warms up.
      if (round > 0) costs.get(contender.name)?.push(cost);
    }
  }
  report(costs);
}

/** The entitlements of a deployment. */
async function question(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ kind: string; external_id: string }>(
    'SELECT kind, external_id FROM deployment ORDER BY id LIMIT 1',
  );
  await client.end();
  const query = `query ($kind: DeploymentKind!, $id: String!) {
    entitlements(deploymentKind: $kind, externalId: $id) {
      deploymentId planCode validUntil seats { purchased used } features { key name }
    }
  }`;
  return JSON.stringify({ query, variables: { kind: rows[0]?.kind, id: rows[0]?.external_id } });
}

/** Processor time for a request, in microseconds. */
async function measure({ group }: Contender, { headers, body }: Question): Promise<number> {
  const pid = group.pid('licenses') ?? 0;
  const pool = new Pool(group.serviceUrls.licenses, { connections });
  const until = performance.now() + secondsOfRound * 1000;
  const before = await processorTime(pid);
  let answered = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
        const text = await response.body.text();
        if (!text.startsWith('{"data":{"entitlements":{"deploymentId":')) throw new Error(text.slice(0, 300));
        answered += 1;
      }
    }),
  );
  const spent = (await processorTime(pid)) - before;
  await pool.close();
  return spent / answered;
}

/** Of each round the ratio to the silent one of the same round, so that drift cancels. */
function report(costs: ReadonlyMap<string, readonly number[]>): void {
  const base = costs.get('tells nothing') ?? [];
  for (const [name, measured] of costs) {
    const ratios = measured.map((cost, round) => cost / (base[round] ?? Number.NaN));
    const more = `${((median(ratios) - 1) * 100).toFixed(1)} %`;
    process.stdout.write(
      `  ${name.padEnd(24)} ${median(measured).toFixed(0).padStart(5)} µs a request, ${more} more\n`,
    );
  }
}

import { AUDIENCES } from '@fulfillment/schema/audience';
import { openDataFolder } from './data-folder.js';
import { type LocalEnvironment, readEnvironment, runByNpm } from './environment.js';
import { curlCommand, firstRequests, tokenVariable } from './first-queries.js';
import { demoTokens, keepExplorerTokens } from './identity/explorer-tokens.js';
import type { Identity } from './identity/identity.js';
import { storedIdentity } from './identity/stored-identity.js';
import { Progress } from './progress.js';
import { type CommandContext, runCommand } from './run-command.js';
import type { DemoPointers } from './seeding/demo-pointers.js';
import { seedWithProgress } from './seeding/seed-with-progress.js';
import { parseStartArguments } from './start-command.js';
import { LocalSystem } from './system/local-system.js';
import { reachable } from './system/service-plans.js';

const usage = `Runs the whole system on this machine: PostgreSQL, four services, the gateway, demo data.

  npm start -- [options]

  --accounts N   how many demo accounts to load at the first start (500)
  --reset        begin afresh: remove the databases, then start
  --verbose      show what the processes log (or LOG_LEVEL=debug)
  --help         this text

Ports by environment variable: PORT (4000), ORDERS_PORT (4001), SUBSCRIPTIONS_PORT (4002), LICENSES_PORT (4003),
PARTNERS_PORT (4004), POSTGRES_PORT (4005). Metrics for Prometheus: METRICS_PORT (4010, the gateway),
ORDERS_METRICS_PORT (4011), SUBSCRIPTIONS_METRICS_PORT (4012), LICENSES_METRICS_PORT (4013), PARTNERS_METRICS_PORT (4014).
HOST is where the gateway listens (127.0.0.1). DATABASE_URL names a server to use in place of the embedded one.
DATA_FOLDER is where keys, logs and data lie (.data). OTEL_EXPORTER_OTLP_ENDPOINT is where traces are sent (nowhere).
`;

async function main({ stopRequested, uses }: CommandContext): Promise<void> {
  const args = parseStartArguments(process.argv.slice(2), usage);
  if (args.help) return void process.stdout.write(usage);
  const startedAt = performance.now();
  const environment = readEnvironment();
  const data = await openDataFolder(environment.dataFolder);
  const identity = await storedIdentity(data.folder, environment.IDENTITY_ISSUER);
  const progress = new Progress(process.stdout);
  const verbose = args.verbose || environment.LOG_LEVEL === 'debug';
  const system = new LocalSystem({
    environment,
    data,
    identity,
    progress,
    verbose,
    signal: stopRequested,
  });
  uses(system);

  await system.claim({ reset: args.reset, gateway: true });
  const { adminUrl, urls } = await system.startDatabases();
  await system.startProcesses(urls, { gateway: true });
  const { accounts } = args;
  const demo = await seedWithProgress(progress, { accounts, data, adminUrl, urls, signal: stopRequested });
  const endRenewal = await keepExplorerTokens(data.explorerTokens, identity, demo, (message) =>
    progress.line(message),
  );
  progress.line(await welcome(environment, identity, demo, (performance.now() - startedAt) / 1000));
  await untilAborted(stopRequested);
  endRenewal();
}

/** What to do now: the address, a token and a query for each kind of client. */
async function welcome(
  environment: LocalEnvironment,
  identity: Identity,
  demo: DemoPointers,
  seconds: number,
): Promise<string> {
  const host = environment.HOST === '127.0.0.1' ? 'localhost' : reachable(environment.HOST);
  const root = `http://${host}:${environment.PORT}`;
  const tokens = await demoTokens(identity, demo);
  const requests = firstRequests(demo);
  const titles = {
    product: `The product, for a deployment of ${demo.product.accountName}`,
    internal: 'A dashboard of the company',
    partner: `The portal of ${demo.partner.partnerName}`,
  };
  return [
    `\nReady after ${seconds.toFixed(1)} s.  Graph: ${root}/graphql   Explorer: ${root}/\n`,
    'A token for each kind of client, good for 12 hours (another: npm run -s token -- product|internal|partner):\n',
    ...AUDIENCES.map((audience) => `${tokenVariable(audience)}=${tokens[audience]}\n`),
    'A first query for each; paste the tokens first:\n',
    ...AUDIENCES.map(
      (audience) =>
        `# ${titles[audience]}\n${curlCommand(`${root}/graphql`, audience, requests[audience])}\n`,
    ),
    'Ctrl-C stops everything.',
  ].join('\n');
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // The children's channels are enough to keep this process; with all of them crashed, this is.
  const alive = setInterval(() => undefined, 60_000);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(alive);
}

await runCommand(main, { followParent: runByNpm() });

import { openDataFolder } from './data-folder.js';
import { readEnvironment, runByNpm } from './environment.js';
import { storedIdentity } from './identity/stored-identity.js';
import { Progress } from './progress.js';
import { followRebuild } from './rebuilding/follow-rebuild.js';
import { createGraphClient } from './rebuilding/graph-client.js';
import { parseRebuildArguments, rebuildUsage } from './rebuilding/rebuild-arguments.js';
import { explain } from './run-command.js';
import { onStopSignals } from './stop-signals.js';
import { reachable } from './system/service-plans.js';

/** The exit code of a command that Ctrl-C kept from finishing. */
const interrupted = 130;

async function main(signal: AbortSignal): Promise<void> {
  const wanted = parseRebuildArguments(process.argv.slice(2));
  if (wanted === undefined) return void process.stdout.write(rebuildUsage);
  const environment = readEnvironment();
  const data = await openDataFolder(environment.dataFolder);
  const identity = await storedIdentity(data.folder, environment.IDENTITY_ISSUER);
  const issueToken = () =>
    identity.issueToken({
      audience: 'internal',
      subject: 'local-operations',
      scopes: ['operations:read', 'operations:write'],
      expiresInSeconds: 60,
    });
  const ask = createGraphClient(
    `http://${reachable(environment.HOST)}:${environment.PORT}/graphql`,
    issueToken,
  );
  await followRebuild(ask, wanted, { progress: new Progress(process.stdout), signal });
}

const stopping = new AbortController();
onStopSignals({
  followParent: runByNpm(),
  stop: () => stopping.abort(),
  kill: () => process.exit(interrupted),
});
await main(stopping.signal).catch((error: unknown) => {
  if (!stopping.signal.aborted) process.stderr.write(`${explain(error)}\n`);
  process.exitCode = stopping.signal.aborted ? interrupted : 1;
});

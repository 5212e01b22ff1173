import { type DataFolder, databasePasswords, openDataFolder } from './data-folder.js';
import { type DatabaseName, databaseNames, ensureDatabases } from './databases.js';
import { type LocalEnvironment, readEnvironment, runByNpm } from './environment.js';
import { storedIdentity } from './identity/stored-identity.js';
import { Progress } from './progress.js';
import { type CommandContext, runCommand } from './run-command.js';
import { seedWithProgress } from './seeding/seed-with-progress.js';
import { parseStartArguments } from './start-command.js';
import { runningSupervisor } from './supervisor/process-record.js';
import { findDatabaseServer } from './system/database-server.js';
import { LocalSystem } from './system/local-system.js';

const usage = `Fills the databases with a deterministic population. Stopped half way, it goes on where it stopped.

  npm run seed -- [options]

  --accounts N   how many accounts (500)
  --reset        remove what is there first
  --verbose      show what the services log while they migrate
  --help         this text

It works while the system runs, and without it. A population depends on its size: to have another size, --reset.
`;

/** Databases to fill. */
interface Target {
  readonly adminUrl: string;
  readonly urls: Record<DatabaseName, string>;
}

async function main({ stopRequested, uses }: CommandContext): Promise<void> {
  const args = parseStartArguments(process.argv.slice(2), usage);
  if (args.help) return void process.stdout.write(usage);
  const environment = readEnvironment();
  const data = await openDataFolder(environment.dataFolder);
  const progress = new Progress(process.stdout);
  const target = (args.reset ? undefined : await runningTarget(environment, data)) ?? (await startTarget());
  const { accounts } = args;
  await seedWithProgress(progress, { accounts, data, ...target, signal: stopRequested });

  /**
   * The services migrate their databases when they start, and end before the loading, which has the machine to itself; the
   * gateway is not needed.
   */
  async function startTarget(): Promise<Target> {
    const identity = await storedIdentity(data.folder, environment.IDENTITY_ISSUER);
    const system = new LocalSystem({
      environment,
      data,
      identity,
      progress,
      verbose: args.verbose,
      signal: stopRequested,
    });
    uses(system);
    await system.claim({ reset: args.reset, gateway: false });
    const started = await system.startDatabases();
    await system.startProcesses(started.urls, { gateway: false });
    await system.interrupt();
    return started;
  }
}

/** The databases of a system that runs already. */
async function runningTarget(environment: LocalEnvironment, data: DataFolder): Promise<Target | undefined> {
  if ((await runningSupervisor(data.processes)) === undefined) return undefined;
  const server = await findDatabaseServer(environment, data);
  if (server === undefined) return undefined;
  const passwords = await databasePasswords(data);
  const urls = await ensureDatabases(server.adminUrl, { services: databaseNames, passwords });
  return { adminUrl: server.adminUrl, urls };
}

await runCommand(main, { followParent: runByNpm() });

import { randomBytes } from 'node:crypto';
import { type DataFolder, databasePasswords } from '../data-folder.js';
import {
  type DatabaseName,
  databaseNames,
  ensureDatabases,
  ensureListener,
  serverVersion,
} from '../databases.js';
import type { LocalEnvironment } from '../environment.js';
import type { Identity } from '../identity/identity.js';
import { keySetFile } from '../identity/stored-identity.js';
import type { Progress } from '../progress.js';
import { endProcess } from '../process-table.js';
import { checkPorts } from '../supervisor/ports.js';
import { endLeftovers, ProcessRecord, runningSupervisor } from '../supervisor/process-record.js';
import { Supervisor } from '../supervisor/supervisor.js';
import {
  type DatabaseServer,
  removeData,
  startDatabaseServer,
  wantedDatabasePort,
} from './database-server.js';
import { gatewayPlan, servicePlans, serviceNames, servicePorts, wantedPorts } from './service-plans.js';

/** What a start needs to know. */
export interface SystemOptions {
  readonly environment: LocalEnvironment;
  readonly data: DataFolder;
  readonly identity: Identity;
  readonly progress: Progress;
  /** Show what the processes log. */
  readonly verbose: boolean;
  /** Aborted when the start is to go no further; `stop` is still to be called. */
  readonly signal: AbortSignal;
}

/** Another start has the data folder. */
export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError';
}

/** PostgreSQL, the services and the gateway on this machine. */
export class LocalSystem {
  #server: DatabaseServer | undefined;
  #supervisor: Supervisor | undefined;
  #record: ProcessRecord | undefined;

  constructor(private readonly options: SystemOptions) {}

  /**
   * Makes way: ends what a killed start left, refuses when another start runs, and checks every port.
   * @param options.reset first stop a start that runs and remove all data
   * @throws AlreadyRunningError, PortError
   */
  async claim({ reset, gateway }: { reset: boolean; gateway: boolean }): Promise<void> {
    const { environment, data, progress } = this.options;
    const other = await runningSupervisor(data.processes);
    if (other !== undefined) {
      if (!reset) throw alreadyRunning(other.pid);
      await progress.step('the system that ran is stopped', () => endProcess(other.pid, 45_000));
    }
    const ended = await endLeftovers(data.processes);
    if (ended.length > 0) progress.line(`✓ ended what a killed start had left: ${ended.join(', ')}`);
    if (reset) await progress.step('all data removed', () => removeData(environment, data));
    const ports = wantedPorts(environment, { gateway });
    await checkPorts([...ports, ...(await wantedDatabasePort(environment, data))]);
    this.#record = new ProcessRecord(data.processes);
  }

  /** Starts PostgreSQL, or reaches the user's own, and makes sure of the databases. */
  async startDatabases(): Promise<{ adminUrl: string; urls: Record<DatabaseName, string> }> {
    const { environment, data, progress, signal } = this.options;
    signal.throwIfAborted();
    const server = await progress.step(
      'PostgreSQL',
      async () => {
        const started = await startDatabaseServer(environment, data, (message) => progress.line(message));
        this.#server = started;
        return { ...started, version: await serverVersion(started.adminUrl) };
      },
      ({ version, place }) => `PostgreSQL ${version} on ${place}`,
    );
    const { adminUrl } = server;
    signal.throwIfAborted();
    const passwords = await databasePasswords(data);
    const urls = await progress.step(
      'databases',
      () => ensureDatabases(adminUrl, { services: databaseNames, passwords }),
      () => `databases ${databaseNames.join(', ')}`,
    );
    return { adminUrl, urls };
  }

  /** Starts the services and, at the same time, the gateway when it is wanted; waits until all are ready. */
  async startProcesses(
    urls: Readonly<Record<DatabaseName, string>>,
    { gateway }: { gateway: boolean },
  ): Promise<void> {
    const { environment, data, identity, progress, verbose, signal } = this.options;
    const changesUrl = gateway ? await this.#changesUrl() : undefined;
    signal.throwIfAborted();
    const supervisor = new Supervisor({
      logFolder: data.logs,
      record: this.#requireRecord(),
      report: (message) => progress.line(message),
      ...(verbose ? { onLine: (name, line) => progress.line(`${name.padEnd(13)} ${line}`) } : {}),
    });
    this.#supervisor = supervisor;
    const ports = servicePorts(environment);
    const services = supervisor.start(servicePlans(environment, urls, identity, data));
    const files = { keySet: keySetFile(data.folder), explorerTokens: data.explorerTokens };
    const front =
      changesUrl === undefined
        ? Promise.resolve()
        : supervisor.start([gatewayPlan(environment, identity, files, changesUrl)]);
    // A failure of the gateway while the services are waited for is told after theirs.
    front.catch(() => undefined);
    const listed = serviceNames.map((name) => `${name} :${ports[name]}`).join(', ');
    await progress.step(
      'services',
      () => services,
      () => `services ${listed}`,
    );
    if (gateway) {
      await progress.step(
        'gateway',
        () => front,
        () => `gateway :${environment.PORT}`,
      );
    }
  }

  /**
   * Stops the gateway and the services that run at this moment, so that a start under way fails soon. PostgreSQL stays
   * for whoever still works on it.
   */
  async interrupt(): Promise<void> {
    await this.#supervisor?.stop();
  }

  /** Stops the gateway, then the services, then the embedded PostgreSQL. Nothing may be starting any more. */
  async stop(): Promise<void> {
    await this.#supervisor?.stop();
    await this.#server?.stop();
    this.#record?.remove();
  }

  /** Ends everything at once; PostgreSQL recovers at the next start. */
  async kill(): Promise<void> {
    this.#supervisor?.kill();
    await this.#server?.stop('immediate');
    this.#record?.remove();
  }

  /** The gateway's role has a new password at each start: nobody else needs to know it. */
  #changesUrl(): Promise<string> {
    if (this.#server === undefined) throw new Error('startDatabases() comes first.');
    const password = randomBytes(18).toString('base64url');
    return ensureListener(this.#server.adminUrl, { role: 'gateway', database: 'bus', password });
  }

  #requireRecord(): ProcessRecord {
    if (this.#record === undefined) throw new Error('claim() comes first.');
    return this.#record;
  }
}

function alreadyRunning(pid: number): AlreadyRunningError {
  return new AlreadyRunningError(
    `The system of this checkout runs already (process ${pid}). Stop it with Ctrl-C where it was started, or: kill ${pid}`,
  );
}

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createIdentity, type Identity } from '@fulfillment/local/identity/identity';
import { nodeArguments } from '@fulfillment/local/node-arguments';
import type { TokenRequest } from '@fulfillment/local/identity/token-request';
import { serviceNames, type ServiceName } from '@fulfillment/schema/events/topics';
import { freePort } from './free-port.js';
import { postGraphql, type GraphqlAnswer } from './post-graphql.js';

export type ProcessName = ServiceName | 'gateway';

/** The four services and the gateway, in the order in which they are told of. */
export const processNames: readonly ProcessName[] = [...serviceNames, 'gateway'];

/** The whole system as real processes of built code. */
export interface ProcessGroup {
  readonly databaseUrls: Readonly<Record<ServiceName | 'bus', string>>;
  readonly identity: Identity;
  /** The gateway's GraphQL address. */
  readonly url: string;
  /** The base address of each service. */
  readonly serviceUrls: Readonly<Record<ServiceName, string>>;
  /** What a gateway's environment needs besides addresses: whose tokens it takes and how it signs its own. */
  readonly gatewayEnvironment: Readonly<Record<string, string>>;
  /**
   * Starts a process and waits until it is ready.
   * @throws when it ends before it is
   */
  start(name: ProcessName, more?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops a process by a signal and waits for its end. */
  stop(name: ProcessName, signal?: NodeJS.Signals): Promise<void>;
  /** Waits for a process to end by itself and gives the signal that ended it. */
  ended(name: ProcessName): Promise<NodeJS.Signals | null>;
  /** The id of the process as it runs now; undefined while it does not. */
  pid(name: ProcessName): number | undefined;
  graphql<Data = Record<string, unknown>>(
    token: TokenRequest,
    document: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphqlAnswer<Data>>;
  stopAll(): Promise<void>;
}

export interface ProcessGroupOptions {
  /** Arguments of node itself on top of those that it always gets, for example to write a CPU profile. */
  readonly moreArguments?: readonly string[];
  /** True where much goes wrong on purpose: what the processes say of it is not shown. */
  readonly silent?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A machine that does much else at the same time takes long. */
const patienceMilliseconds = 60_000;

/** Prepares the processes on databases that exist; none runs until it is started. */
export async function createProcessGroup(
  databaseUrls: ProcessGroup['databaseUrls'],
  { moreArguments = [], silent = false }: ProcessGroupOptions = {},
): Promise<ProcessGroup> {
  const identity = await createIdentity();
  const folder = await mkdtemp(path.join(tmpdir(), 'fulfillment-test-'));
  const keySet = path.join(folder, 'jwks.json');
  await writeFile(keySet, JSON.stringify(identity.clientKeySet));

  const ports: Record<string, number> = {};
  for (const name of processNames) ports[name] = await freePort();
  const url = (name: ProcessName) => `http://127.0.0.1:${ports[name]}`;
  const serviceUrls = Object.fromEntries(serviceNames.map((name) => [name, url(name)])) as Record<
    ServiceName,
    string
  >;
  const gatewayEnvironment = {
    IDENTITY_JWKS_URL: pathToFileURL(keySet).toString(),
    IDENTITY_ISSUER: identity.issuer,
    VIEWER_SIGNING_KEY: identity.viewerSigningKey,
  };
  const environments = (name: ProcessName): Record<string, string> =>
    name === 'gateway'
      ? {
          ...gatewayEnvironment,
          // One client of a load test stands for many.
          SAFELIST_PRODUCT: 'off',
          COST_BUDGET_PRODUCT: 'off',
          COST_BUDGET_INTERNAL: 'off',
          COST_BUDGET_PARTNER: 'off',
          // All processes share the machine, so the gateway is late for the others' sake.
          ADMIT_AT_LEAST: '64',
          SERVICES: JSON.stringify(serviceUrls),
        }
      : {
          DATABASE_URL: databaseUrls[name],
          BUS_DATABASE_URL: databaseUrls.bus,
          VIEWER_JWKS: JSON.stringify(identity.viewerKeySet),
          ...(name === 'licenses'
            ? {
                LICENSE_KEYS_FOLDER: path.join(folder, 'license-keys'),
                MAIL_FOLDER: path.join(folder, 'mails'),
              }
            : {}),
        };

  const running = new Map<ProcessName, ChildProcess>();
  const stop = async (name: ProcessName, signal: NodeJS.Signals = 'SIGTERM') => {
    const child = running.get(name);
    child?.kill(signal);
    if (child) await end(child);
    running.delete(name);
  };
  return {
    databaseUrls,
    identity,
    url: `${url('gateway')}/graphql`,
    serviceUrls,
    gatewayEnvironment,
    async start(name, more = {}) {
      const entry = path.join(root, folderOf(name), 'dist/main.js');
      const child = spawn(process.execPath, [...nodeArguments, ...moreArguments, entry], {
        env: {
          NODE_ENV: 'production',
          PORT: String(ports[name]),
          LOG_LEVEL: silent ? 'silent' : 'warn',
          ...environments(name),
          ...more,
        },
        stdio: ['ignore', 'ignore', silent ? 'ignore' : 'inherit'],
      });
      running.set(name, child);
      await untilReady(`${url(name)}/health/ready`, child);
    },
    stop,
    async ended(name) {
      const child = running.get(name);
      if (!child) throw new Error(`${name} does not run`);
      const signal = await end(child);
      running.delete(name);
      return signal;
    },
    pid(name) {
      const child = running.get(name);
      return child && !hasEnded(child) ? child.pid : undefined;
    },
    async graphql(token, document, variables = {}) {
      return postGraphql(`${url('gateway')}/graphql`, await identity.issueToken(token), document, variables);
    },
    async stopAll() {
      await Promise.all([...running.keys()].map((name) => stop(name)));
      await rm(folder, { recursive: true });
    },
  };
}

function folderOf(name: ProcessName): string {
  return name === 'gateway' ? 'gateway' : `subgraphs/${name}`;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<NodeJS.Signals | null> {
  const deadline = performance.now() + patienceMilliseconds;
  while (!hasEnded(child)) {
    if (performance.now() > deadline) throw new Error('The process does not end');
    await sleep(5);
  }
  return child.signalCode;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds;
  while (performance.now() < deadline) {
    // A process that is told to kill itself may do so before anybody saw it ready.
    if (child.exitCode !== null) throw new Error(`The process ended with exit code ${child.exitCode}`);
    if (child.signalCode !== null) return;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(25);
  }
  throw new Error(`${url} is not ready after ${patienceMilliseconds} ms`);
}

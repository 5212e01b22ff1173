import { fileURLToPath } from 'node:url';
import { freePort } from '../../kit/free-port.js';
import { startChild, typescriptArguments, untilListening, type Child } from './processes/child.js';

/** What all gateways are given to serve the same graph. */
export interface GraphAccess {
  /** The base address of each service by its name. */
  readonly services: Readonly<Record<string, string>>;
  /** The supergraph that is put before the peers: services' addresses in it, no security directives. */
  readonly peerSupergraphFile: string;
  /** What our gateway needs besides the services' addresses: identity and, unless it is ours, the supergraph. */
  readonly oursEnvironment: Readonly<Record<string, string>>;
}

/** A gateway as it is measured, or the floor. */
export interface Contender {
  readonly name: ContenderName;
  readonly entry: string;
  readonly nodeArguments?: readonly string[];
  readonly environment: (graph: GraphAccess) => Readonly<Record<string, string>>;
}

export type ContenderName = (typeof contenderNames)[number];

/** In the order in which they are told of. */
export const contenderNames = [
  'ours',
  'stock',
  'stock+undici',
  'hive-js',
  'hive-js+sharing',
  'hive-rust',
  'hive-rust+sharing',
  'hive-rust+whole',
  'floor',
  'floor+token',
] as const;

/** What each name stands for, for people. */
export const contenderTitles: Readonly<Record<ContenderName, string>> = {
  ours: 'ours, complete',
  stock: '@apollo/gateway',
  'stock+undici': '@apollo/gateway, undici',
  'hive-js': 'Hive, JavaScript planner',
  'hive-js+sharing': 'Hive, JavaScript planner, fetches shared',
  'hive-rust': 'Hive, Rust planner',
  'hive-rust+sharing': 'Hive, Rust planner, fetches shared',
  'hive-rust+whole': 'Hive, Rust planner, whole requests shared',
  floor: 'floor: parse, write the bytes',
  'floor+token': 'floor, token verified',
};

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const peer = (name: ContenderName, module: string, more: Readonly<Record<string, string>>): Contender => ({
  name,
  entry: here(`peers/${module}`),
  environment: ({ services, peerSupergraphFile }) => ({
    SERVICES: JSON.stringify(services),
    SUPERGRAPH_FILE: peerSupergraphFile,
    APOLLO_TELEMETRY_DISABLED: 'true',
    ...more,
  }),
});

const hive = (name: ContenderName, planner: 'js' | 'rust', sharing: 'none' | 'fetches' | 'requests') =>
  peer(name, 'hive.mjs', { PLANNER: planner, SHARING: sharing });

/** Budgets are kept and drawn on as in production; they only never run out for the few viewers of a benchmark. */
const endlessBudget = '100000000000/100000000000';
const endlessBudgets = Object.fromEntries(
  ['PRODUCT', 'INTERNAL', 'PARTNER'].map((audience) => [`COST_BUDGET_${audience}`, endlessBudget]),
);

/** The others refuse nobody: ours sheds load too, but serves the clients of the benchmark however slow the machine is. */
const admitted = '64';

/** Our gateway as it is built and run in production. */
export const ours: Contender = {
  name: 'ours',
  entry: here('../../../gateway/dist/main.js'),
  environment: ({ services, oursEnvironment }) => ({
    SERVICES: JSON.stringify(services),
    ...endlessBudgets,
    ADMIT_AT_LEAST: admitted,
    ...oursEnvironment,
  }),
};

/** All gateways, ours first. */
export const gateways: readonly Contender[] = [
  ours,
  peer('stock', 'stock.mjs', {}),
  peer('stock+undici', 'stock.mjs', { FETCHER: 'undici' }),
  hive('hive-js', 'js', 'none'),
  hive('hive-js+sharing', 'js', 'fetches'),
  hive('hive-rust', 'rust', 'none'),
  hive('hive-rust+sharing', 'rust', 'fetches'),
  hive('hive-rust+whole', 'rust', 'requests'),
];

/** The floors that answer from a file of answers. */
export function floors(floorFile: string): readonly Contender[] {
  const floor = (name: ContenderName, environment: Contender['environment']): Contender => ({
    name,
    entry: here('floor/main.ts'),
    nodeArguments: typescriptArguments,
    environment: (graph) => ({ FLOOR_FILE: floorFile, ...environment(graph) }),
  });
  const identity = ({ oursEnvironment: { IDENTITY_JWKS_URL = '', IDENTITY_ISSUER = '' } }: GraphAccess) => ({
    IDENTITY_JWKS_URL,
    IDENTITY_ISSUER,
  });
  return [floor('floor', () => ({})), floor('floor+token', identity)];
}

/** A contender that runs. */
export interface RunningContender {
  readonly name: ContenderName;
  /** Its GraphQL address. */
  readonly url: string;
  readonly child: Child;
}

export interface StartOptions {
  readonly cores?: string | undefined;
  readonly nodeArguments?: readonly string[];
}

/**
 * Starts a contender and waits until it answers.
 * @throws with what it said when it ends instead
 */
export async function startContender(
  { name, entry, nodeArguments = [], environment }: Contender,
  graph: GraphAccess,
  options: StartOptions = {},
): Promise<RunningContender> {
  const port = await freePort();
  const child = startChild({
    name,
    entry,
    nodeArguments: [...nodeArguments, ...(options.nodeArguments ?? [])],
    environment: { PORT: String(port), ...environment(graph) },
    cores: options.cores,
  });
  try {
    await untilListening(child, `http://127.0.0.1:${port}/graphql`);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { name, url: `http://127.0.0.1:${port}/graphql`, child };
}

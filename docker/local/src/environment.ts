import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnvironment } from '@fulfillment/kernel/server/environment';
import { z } from 'zod';
import { defaultIssuer } from './identity/identity.js';

/** The folder that the repository was checked out into. This file lies in docker/local/src or docker/local/dist. */
export const checkoutFolder = path.resolve(fileURLToPath(new URL('../../..', import.meta.url)));

const port = (byDefault: number) =>
  z.coerce.number('must be a port, 1 to 65535').int().min(1).max(65_535).default(byDefault);

const databaseUrl = z
  .string()
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return /^postgres(ql)?:$/.test(url?.protocol ?? '') && url?.hostname !== '' && url?.pathname !== '';
  }, 'must name a server and a database: postgres://role:password@host:5432/database')
  .optional();

const schema = z.object({
  /** Where the gateway listens; the services are for the gateway alone. */
  HOST: z.string().default('127.0.0.1'),
  PORT: port(4000),
  ORDERS_PORT: port(4001),
  SUBSCRIPTIONS_PORT: port(4002),
  LICENSES_PORT: port(4003),
  PARTNERS_PORT: port(4004),
  POSTGRES_PORT: port(4005),
  /** Where Prometheus finds `/metrics` of the gateway and of each service, on 127.0.0.1. */
  METRICS_PORT: port(4010),
  ORDERS_METRICS_PORT: port(4011),
  SUBSCRIPTIONS_METRICS_PORT: port(4012),
  LICENSES_METRICS_PORT: port(4013),
  PARTNERS_METRICS_PORT: port(4014),
  /** A server to use in place of the embedded one: a role that may create databases and roles. */
  DATABASE_URL: databaseUrl,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  IDENTITY_ISSUER: z.string().min(1).default(defaultIssuer),
  /** Where keys, logs and records lie, and for an ordinary user the embedded server's data. */
  DATA_FOLDER: z.string().min(1).default(path.join(checkoutFolder, '.data')),
});

/** What the local runner reads from its environment. */
export type LocalEnvironment = Omit<z.infer<typeof schema>, 'DATA_FOLDER'> & {
  /** Absolute path. */
  readonly dataFolder: string;
};

/** @throws EnvironmentError that names each variable that is wrong */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): LocalEnvironment {
  // A variable that is set to nothing counts as not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const { DATA_FOLDER, ...rest } = parseEnvironment(schema, given);
  return { ...rest, dataFolder: path.resolve(DATA_FOLDER) };
}

/** True when npm, or a shell that npm started, is the parent. */
export function runByNpm(source: NodeJS.ProcessEnv = process.env): boolean {
  return source['npm_lifecycle_event'] !== undefined;
}

/** What every child process inherits: the user's environment, which telemetry and proxies are configured by. */
export function inheritedEnvironment(source: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...source, NODE_ENV: 'production' };
}

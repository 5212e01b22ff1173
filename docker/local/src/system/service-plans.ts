import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatabaseName } from '../databases.js';
import { checkoutFolder, inheritedEnvironment, type LocalEnvironment } from '../environment.js';
import type { Identity } from '../identity/identity.js';
import type { ProcessPlan } from '../supervisor/managed-process.js';
import type { WantedPort } from '../supervisor/ports.js';

/** The services in the order in which they are told of. */
export const serviceNames = ['orders', 'subscriptions', 'licenses', 'partners'] as const;

export type ServiceName = (typeof serviceNames)[number];

const loopback = '127.0.0.1';

/** The port of each service, as the environment says. */
export function servicePorts(environment: LocalEnvironment): Record<ServiceName, number> {
  return {
    orders: environment.ORDERS_PORT,
    subscriptions: environment.SUBSCRIPTIONS_PORT,
    licenses: environment.LICENSES_PORT,
    partners: environment.PARTNERS_PORT,
  };
}

/** The port of each service's metrics, as the environment says. */
function metricsPorts(environment: LocalEnvironment): Record<ServiceName, number> {
  return {
    orders: environment.ORDERS_METRICS_PORT,
    subscriptions: environment.SUBSCRIPTIONS_METRICS_PORT,
    licenses: environment.LICENSES_METRICS_PORT,
    partners: environment.PARTNERS_METRICS_PORT,
  };
}

/** Every port that the services, and the gateway when it is wanted, listen on. */
export function wantedPorts(environment: LocalEnvironment, { gateway }: { gateway: boolean }): WantedPort[] {
  const [ports, metrics] = [servicePorts(environment), metricsPorts(environment)];
  const services = serviceNames.flatMap((name) => [
    { variable: `${name.toUpperCase()}_PORT`, port: ports[name], host: loopback },
    { variable: `${name.toUpperCase()}_METRICS_PORT`, port: metrics[name], host: loopback },
  ]);
  if (!gateway) return services;
  return [
    { variable: 'PORT', port: environment.PORT, host: environment.HOST },
    { variable: 'METRICS_PORT', port: environment.METRICS_PORT, host: loopback },
    ...services,
  ];
}

/** How the four services are run. */
export function servicePlans(
  environment: LocalEnvironment,
  databases: Readonly<Record<DatabaseName, string>>,
  identity: Identity,
  files: { readonly licenseKeys: string; readonly mails: string },
): ProcessPlan[] {
  const [ports, metrics] = [servicePorts(environment), metricsPorts(environment)];
  return serviceNames.map((name) => ({
    name,
    entry: path.join(checkoutFolder, 'subgraphs', name, 'dist', 'main.js'),
    readyUrl: `http://${loopback}:${ports[name]}/health/ready`,
    environment: {
      ...inheritedEnvironment(),
      HOST: loopback,
      PORT: String(ports[name]),
      METRICS_HOST: loopback,
      METRICS_PORT: String(metrics[name]),
      DATABASE_URL: databases[name],
      BUS_DATABASE_URL: databases.bus,
      VIEWER_JWKS: JSON.stringify(identity.viewerKeySet),
      LOG_LEVEL: environment.LOG_LEVEL,
      ...(name === 'licenses' ? { LICENSE_KEYS_FOLDER: files.licenseKeys, MAIL_FOLDER: files.mails } : {}),
    },
  }));
}

/**
 * How the gateway is run.
 * @param changesUrl the bus's database, by a role that may only listen there
 */
export function gatewayPlan(
  environment: LocalEnvironment,
  identity: Identity,
  files: { readonly keySet: string; readonly explorerTokens: string },
  changesUrl: string,
): ProcessPlan {
  const ports = servicePorts(environment);
  const urls = serviceNames.map((name) => [`${name.toUpperCase()}_URL`, `http://${loopback}:${ports[name]}`]);
  return {
    name: 'gateway',
    entry: path.join(checkoutFolder, 'gateway', 'dist', 'main.js'),
    readyUrl: `http://${reachable(environment.HOST)}:${environment.PORT}/health/ready`,
    environment: {
      INTROSPECTION: 'product,internal,partner', // the explorer shows each audience its schema
      ...withoutSecrets(inheritedEnvironment()),
      ...(Object.fromEntries(urls) as Record<string, string>),
      HOST: environment.HOST,
      PORT: String(environment.PORT),
      METRICS_HOST: loopback,
      METRICS_PORT: String(environment.METRICS_PORT),
      IDENTITY_JWKS_URL: pathToFileURL(files.keySet).href,
      IDENTITY_ISSUER: identity.issuer,
      VIEWER_SIGNING_KEY: identity.viewerSigningKey,
      EXPLORER_TOKENS_FILE: files.explorerTokens,
      CHANGES_DATABASE_URL: changesUrl,
      LOG_LEVEL: environment.LOG_LEVEL,
    },
  };
}

/** The gateway has no database, so it is not told of the user's. */
function withoutSecrets({ DATABASE_URL: _unused, ...rest }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return rest;
}

/** A host to connect to where the gateway listens on every address. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

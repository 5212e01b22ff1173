import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readEnvironment } from '@fulfillment/gateway/environment';
import { startGateway } from '@fulfillment/gateway/start';
import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import type { RunningService, ServiceOptions } from '@fulfillment/kernel/server/start-service';
import { startLicenses } from '@fulfillment/licenses/start';
import { createIdentity, type Identity } from '@fulfillment/local/identity/identity';
import type { TokenRequest } from '@fulfillment/local/identity/token-request';
import { startOrders } from '@fulfillment/orders/start';
import { startPartners } from '@fulfillment/partners/start';
import { serviceNames, type ServiceName } from '@fulfillment/schema/events/topics';
import { startSubscriptions } from '@fulfillment/subscriptions/start';
import { afterAll } from 'vitest';
import { freePort } from './free-port.js';
import { postGraphql, type GraphqlAnswer } from './post-graphql.js';
import { cloneSystemDatabases } from './system-databases.js';

/** The four services and the gateway in this process, on databases of this test file. */
export interface TestSystem {
  /** The gateway's base URL. */
  readonly url: string;
  readonly databaseUrls: Readonly<Record<ServiceName | 'bus', string>>;
  readonly identity: Identity;
  /** Where a service's metrics are; only with `observed`. */
  metricsUrl(name: ServiceName): string;
  /** A service's own base URL, which no client ever talks to. */
  serviceUrl(name: ServiceName): string;
  /** Asks the gateway over HTTP with a token for a client; null sends none. */
  graphql<Data = Record<string, unknown>>(
    token: TokenRequest | null,
    document: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphqlAnswer<Data>>;
  /** Makes what gateways keep so much older. */
  age(milliseconds: number): void;
  /**
   * Starts one more gateway over the same services.
   * @param options.keepsNothing true for one that neither keeps answers nor knows what others keep
   */
  anotherGateway(options?: { readonly keepsNothing?: boolean }): Promise<Pick<TestSystem, 'url' | 'graphql'>>;
  /** The statements that a request made in a service, from its answer's `requestId`. */
  statements(service: ServiceName, requestId: string): readonly string[];
  /** Stops one service; the others go on. */
  stopService(name: ServiceName): Promise<void>;
  /** Starts a stopped service again, at the address it had. */
  startService(name: ServiceName): Promise<void>;
}

const starts: Readonly<
  Record<ServiceName, (environment: ServiceEnvironment, options?: ServiceOptions) => Promise<RunningService>>
> = {
  orders: startOrders,
  subscriptions: startSubscriptions,
  licenses: startLicenses,
  partners: startPartners,
};

export interface SystemOptions extends Pick<ServiceOptions, 'clock' | 'periodic'> {
  readonly keepAnswers?: boolean;
  readonly redisUrl?: string | undefined;
  readonly observed?: Observed;
}

/** Where everything that the processes tell of themselves goes: all requests are recorded, and all lines logged. */
export interface Observed {
  /** The base address of a collector of traces. */
  readonly endpoint: string;
  readonly logTo: NonNullable<ServiceOptions['logTo']>;
}

/**
 * Starts the whole system for the calling test file: call it at the top of the file; it stops when the file is done.
 * @param options.prepare is called with the migrated databases before anything runs, for example to seed them
 * @param options.keepAnswers true has the gateway keep answers; left out, every request reaches the services
 * @param options.redisUrl a Redis that the gateways share
 * @param options.observed where traces and log lines go; left out, nothing is recorded and only fatal lines are logged
 * @param options.periodic false keeps the services from doing anything by themselves; they do what is asked and told
 */
export async function startSystem(
  options: SystemOptions & {
    readonly prepare?: (databaseUrls: TestSystem['databaseUrls']) => Promise<void>;
  } = {},
): Promise<TestSystem> {
  const databaseUrls = await cloneSystemDatabases();
  await options.prepare?.(databaseUrls);
  const identity = await createIdentity();
  const services = new ServiceGroup(databaseUrls, identity, options);
  afterAll(() => services.stopAll());
  for (const name of serviceNames) await services.start(name);
  const caching = {
    ...(options.keepAnswers ? { CHANGES_DATABASE_URL: databaseUrls.bus } : {}),
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
  };
  const aging = { milliseconds: 0 };
  const now = () => Date.now() + aging.milliseconds;
  const anotherGateway: TestSystem['anotherGateway'] = async ({ keepsNothing = false } = {}) => {
    const kept = keepsNothing ? {} : caching;
    const gateway = await startTestGateway(identity, (name) => services.url(name), {
      variables: { ...kept, ...gatewayTelling(options.observed) },
      now,
      logTo: options.observed?.logTo,
    });
    afterAll(() => gateway.close());
    return { url: gateway.url, graphql: asking(gateway.url, identity) };
  };
  const gateway = await anotherGateway();

  return {
    ...gateway,
    anotherGateway,
    age: (milliseconds) => {
      aging.milliseconds += milliseconds;
    },
    databaseUrls,
    identity,
    serviceUrl: (name) => services.url(name),
    metricsUrl: (name) => services.metricsUrl(name),
    statements: (service, requestId) => services.statements(service, requestId),
    stopService: (name) => services.stop(name),
    startService: (name) => services.start(name),
  };
}

function asking(url: string, identity: Identity): TestSystem['graphql'] {
  return async (token, document, variables = {}) =>
    postGraphql(
      `${url}/graphql`,
      token === null ? null : await identity.issueToken(token),
      document,
      variables,
    );
}

/** The services that run, and what they asked of their databases. */
class ServiceGroup {
  readonly #running = new Map<ServiceName, RunningService>();
  readonly #urls = new Map<ServiceName, string>();
  readonly #statements = new Map<string, string[]>();

  constructor(
    readonly databaseUrls: TestSystem['databaseUrls'],
    readonly identity: Identity,
    readonly options: Pick<SystemOptions, 'clock' | 'periodic' | 'observed'>,
  ) {}

  url(name: ServiceName): string {
    return this.#urls.get(name) ?? '';
  }

  metricsUrl(name: ServiceName): string {
    return this.#running.get(name)?.metricsUrl ?? '';
  }

  statements(service: ServiceName, requestId: string): readonly string[] {
    return this.#statements.get(`${service} ${requestId}`) ?? [];
  }

  async start(name: ServiceName): Promise<void> {
    const environment: ServiceEnvironment = {
      HOST: '127.0.0.1',
      PORT: await this.#portOf(name),
      DATABASE_URL: this.databaseUrls[name],
      BUS_DATABASE_URL: this.databaseUrls.bus,
      VIEWER_JWKS: { keys: this.identity.viewerKeySet.keys.map((key) => ({ ...key })) },
      LOG_LEVEL: 'fatal',
      METRICS_HOST: '127.0.0.1',
      OTEL_TRACES_SAMPLER_ARG: 0,
      ...(this.options.observed === undefined
        ? {}
        : {
            LOG_LEVEL: 'debug',
            METRICS_PORT: 0,
            OTEL_EXPORTER_OTLP_ENDPOINT: this.options.observed.endpoint,
          }),
    };
    const service = await starts[name](environment, {
      ...(this.options.clock ? { clock: this.options.clock } : {}),
      ...(this.options.observed ? { logTo: this.options.observed.logTo } : {}),
      periodic: this.options.periodic ?? true,
      onStatement: (statement, requestId) => {
        const key = `${name} ${requestId}`;
        this.#statements.set(key, [...(this.#statements.get(key) ?? []), statement]);
      },
    });
    this.#running.set(name, service);
    this.#urls.set(name, service.url);
  }

  /** The same at each start: gateways know it. */
  async #portOf(name: ServiceName): Promise<number> {
    const known = this.#urls.get(name);
    return known === undefined ? freePort() : Number(new URL(known).port);
  }

  async stop(name: ServiceName): Promise<void> {
    await this.#running.get(name)?.close();
    this.#running.delete(name);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }
}

function gatewayTelling(observed: Observed | undefined): Record<string, string> {
  if (observed === undefined) return {};
  return {
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: observed.endpoint,
    OTEL_TRACES_SAMPLER_ARG: '1',
  };
}

async function startTestGateway(
  identity: Identity,
  urlOf: (name: ServiceName) => string,
  options: {
    readonly variables: Readonly<Record<string, string>>;
    readonly now: () => number;
    readonly logTo: Observed['logTo'] | undefined;
  },
): Promise<{ url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fulfillment-test-'));
  const keySet = path.join(folder, 'jwks.json');
  await writeFile(keySet, JSON.stringify(identity.clientKeySet));
  const gateway = await startGateway(
    readEnvironment({
      PORT: '0',
      IDENTITY_JWKS_URL: pathToFileURL(keySet).href,
      IDENTITY_ISSUER: identity.issuer,
      VIEWER_SIGNING_KEY: identity.viewerSigningKey,
      SERVICES: JSON.stringify(Object.fromEntries(serviceNames.map((name) => [name, urlOf(name)]))),
      LOG_LEVEL: 'fatal',
      // Tests ask more than our own clients do; gateway/test holds the usual settings.
      SAFELIST_PRODUCT: 'off',
      INTROSPECTION: 'product,internal,partner',
      ...options.variables,
    }),
    { now: options.now, ...(options.logTo === undefined ? {} : { logTo: options.logTo }) },
  );
  return {
    url: gateway.url,
    close: async () => {
      await gateway.close();
      await rm(folder, { recursive: true });
    },
  };
}

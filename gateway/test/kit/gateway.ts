import { Writable } from 'node:stream';
import { readEnvironment } from '../../src/environment.js';
import { startGateway, type GatewayOptions } from '../../src/start.js';
import { resolversOf } from './data.js';
import { claims, createIdentity, createKey } from './identity.js';
import { startStandIn } from './stand-in.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; service?: string; [more: string]: unknown };
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The real gateway over stand-ins of the four services, with real tokens over HTTP. */
export async function startTestGateway(
  options: GatewayOptions & {
    readonly timeoutMs?: number;
    /** Other variables than the usual ones. */
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
) {
  const { timeoutMs = 5_000, variables = {}, ...gatewayOptions } = options;
  const [identity, viewerKey, orders, subscriptions, licenses, partners] = await Promise.all([
    createIdentity(),
    createKey('gateway-1'),
    startStandIn('orders', resolversOf.orders),
    startStandIn('subscriptions', resolversOf.subscriptions),
    startStandIn('licenses', resolversOf.licenses),
    startStandIn('partners', resolversOf.partners),
  ]);
  const services = { orders, subscriptions, licenses, partners };
  const lines: Record<string, unknown>[] = [];
  const environment = {
    PORT: '0',
    IDENTITY_JWKS_URL: identity.jwksUrl,
    IDENTITY_ISSUER: 'https://identity.fulfillment.example',
    VIEWER_SIGNING_KEY: JSON.stringify({ ...viewerKey.privateJwk, kty: 'OKP' }),
    ORDERS_URL: orders.url,
    SUBSCRIPTIONS_URL: subscriptions.url,
    LICENSES_URL: licenses.url,
    PARTNERS_URL: partners.url,
    SUBGRAPH_TIMEOUT_MS: String(timeoutMs),
    ...variables,
  };
  const gateway = await startGateway(readEnvironment(environment), {
    logTo: collectLines(lines),
    ...gatewayOptions,
  });
  const tokens = {
    product: await identity.key.sign(claims.product()),
    internal: await identity.key.sign(
      claims.internal('accounts:read contacts:read orders:read billing:read licenses:read partners:read'),
    ),
    partner: await identity.key.sign(claims.partner('orders:place billing:read commissions:read')),
  };

  const send = async (init: RequestInit, path = '/graphql'): Promise<Answer> => {
    const response = await fetch(`${gateway.url}${path}`, init);
    const text = await response.text();
    return {
      ...withoutTraceIds(JSON.parse(text) as Pick<Answer, 'errors'>),
      status: response.status,
      headers: response.headers,
      text,
    };
  };
  const ask = (
    token: string,
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer> =>
    send({
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query, variables }),
    });

  return {
    /** What the gateway's process has in its environment. */
    environment,
    identity,
    viewerKey,
    services,
    tokens,
    lines,
    url: gateway.url,
    send,
    ask,
    closeGateway: () => gateway.close(),
    close: async () => {
      await gateway.close();
      await Promise.all(Object.values(services).map((service) => service.stop()));
    },
  };
}

/** Every error carries the id of its trace, another one each time: tests of what it says need not repeat that. */
function withoutTraceIds<Body extends Pick<Answer, 'errors'>>(body: Body): Body {
  if (body.errors === undefined) return body;
  const errors = body.errors.map(({ extensions: { traceId, ...extensions }, ...error }) => {
    if (!/^[0-9a-f]{32}$/.test(String(traceId))) throw new Error(`No trace id in ${JSON.stringify(error)}`);
    return { ...error, extensions };
  });
  return { ...body, errors };
}

export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;

function collectLines(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(
        ...chunk
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      );
      done();
    },
  });
}

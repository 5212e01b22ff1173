import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import { newTraceId, parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import type { FastifyServerFactory } from 'fastify';
import type { Logger } from 'pino';
import { gatewayError } from '../../errors.js';
import { requestIdHeader, requestIdOf } from '../../telemetry/request-id.js';
import { withTraceIds } from '@fulfillment/telemetry/traced-errors';
import { errorResponse } from '../error-format.js';
import { nextLimit, usualAdmissionRules, type AdmissionRules } from './admission-limit.js';

/** How often the limit is adjusted. */
const adjustEveryMs = 50;

/** After how many seconds a client that was refused should come again. */
const retryAfterSeconds = 1;

export interface Shedding {
  /** The HTTP server of the gateway, which refuses what it cannot serve before anything is done for it. */
  readonly serverFactory: FastifyServerFactory;
  readonly level: () => { readonly limit: number; readonly underWay: number };
  /** Nothing more is to be done for a request: how long its client takes to read the answer holds up nobody else. */
  answered(response: ServerResponse): void;
  stop(): void;
}

/**
 * Refuses requests while as many are under way as the process can serve in time: 503 with `Retry-After`, and nothing
 * else is done for them, for whatever is done for a request that is refused is taken from one that is served. Probes are
 * never refused.
 *
 * @param onShed told of each request that is refused
 */
export function createShedding(onShed: () => void, rules: AdmissionRules = usualAdmissionRules): Shedding {
  let limit = rules.initial;
  const underWay = new Set<ServerResponse>();
  let mostUnderWay = 0;
  let due = performance.now() + adjustEveryMs;
  const timer = setInterval(() => {
    const now = performance.now();
    limit = nextLimit(limit, { delayMs: now - due, mostUnderWay }, rules);
    due = now + adjustEveryMs;
    mostUnderWay = underWay.size;
  }, adjustEveryMs);
  timer.unref();

  const answered = (response: ServerResponse): void => void underWay.delete(response);
  const gone = function (this: ServerResponse) {
    answered(this);
  };
  const admits = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (isProbe(request)) return true;
    if (underWay.size >= limit) return false;
    underWay.add(response);
    if (underWay.size > mostUnderWay) mostUnderWay = underWay.size;
    response.once('close', gone);
    return true;
  };

  return {
    level: () => ({ limit: Math.floor(limit), underWay: underWay.size }),
    answered,
    stop: () => clearInterval(timer),
    serverFactory: (handle, { http, requestTimeout, keepAliveTimeout }) => {
      const take = (request: IncomingMessage, response: ServerResponse) => {
        if (admits(request, response)) return handle(request, response);
        onShed();
        refuse(request, response);
      };
      const server = createServer((http ?? {}) as ServerOptions, (request, response) => {
        if (response.socket !== null) take(request, response);
        // Sent before an earlier answer on its connection, it has its turn after that, or never: of these Node.js tells no end.
        else response.once('socket', () => take(request, response));
      });
      if (typeof requestTimeout === 'number') server.requestTimeout = requestTimeout;
      if (typeof keepAliveTimeout === 'number') server.keepAliveTimeout = keepAliveTimeout;
      return server;
    },
  };
}

function isProbe({ url }: IncomingMessage): boolean {
  return url?.startsWith('/health/') ?? false;
}

const refusal = errorResponse(
  gatewayError('OVERLOADED', `The gateway has more to do than it can: try again in ${retryAfterSeconds} s.`),
);

const someTraceId = '0'.repeat(32);
/** What all refusals say alike is written once: they are many when there is no time. */
const refusalText = JSON.stringify({ errors: withTraceIds(refusal.body.errors, someTraceId) });
const refusalBytes = Buffer.byteLength(refusalText);

/** The body of the request is not waited for; it is skipped when it comes. */
function refuse({ headers }: IncomingMessage, response: ServerResponse): void {
  const traceId = parseTraceParent(headers['traceparent'])?.traceId ?? newTraceId();
  response.writeHead(refusal.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': refusalBytes,
    'retry-after': String(retryAfterSeconds),
    [requestIdHeader]: requestIdOf(headers[requestIdHeader]),
  });
  response.end(refusalText.replace(someTraceId, traceId));
}

/** What notes refused requests in the log: a line a second at the most, with their number. */
export function reportingShed(logger: Logger): () => void {
  let refused = 0;
  const report = () => {
    logger.warn(
      { event: 'overload', refused },
      'Requests were refused: there is more to do than can be done',
    );
    refused = 0;
  };
  return () => {
    refused += 1;
    if (refused === 1) setTimeout(report, 1_000).unref();
  };
}

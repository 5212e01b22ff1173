import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../logger.js';
import type { RequestScope } from '../request-scope.js';
import { observeRequest } from '../telemetry/observe-request.js';
import type { ServiceTelemetry } from '../telemetry/start-telemetry.js';
import { watchRequest } from './giving-up.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What all that is done for the request shares. */
    scope: RequestScope & { readonly requestId: string };
  }
}

/** Gives every request its scope, and tells of its end; of probes nothing is told. */
export function registerScopes(
  app: FastifyInstance,
  { logger, telemetry }: { readonly logger: Logger; readonly telemetry: ServiceTelemetry },
): void {
  app.decorateRequest('scope');
  app.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' ? given : randomUUID();
    if (isProbe(request)) {
      request.scope = { requestId };
    } else {
      const { trace, record } = observeRequest(request, reply, telemetry);
      const cancellation = watchRequest(request, reply, logger, trace.traceId);
      request.scope = { requestId, trace, record, cancellation };
    }
    done();
  });
}

function isProbe({ url }: FastifyRequest): boolean {
  return url.startsWith('/health/');
}

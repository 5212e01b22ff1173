import { loggedError } from '@fulfillment/telemetry/logged-error';
import { pino, type DestinationStream, type Logger } from 'pino';
import { currentRequestId, currentTrace } from './request-scope.js';

export type { Logger };

/**
 * JSON lines on standard output, each with the service's name and, inside a request, an event or a run of periodic work,
 * its request id and the id of its trace.
 * Credentials never get in: header and token fields are removed wherever they appear, and of errors only what holds no value.
 * @param destination standard output when left out
 */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    serializers: { err: loggedError },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['authorization', '*.authorization', '*.headers.authorization', 'token', '*.token'],
      remove: true,
    },
    mixin: () => {
      const requestId = currentRequestId();
      const traceId = currentTrace()?.traceId;
      return {
        ...(requestId === undefined ? {} : { requestId }),
        ...(traceId === undefined ? {} : { traceId }),
      };
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

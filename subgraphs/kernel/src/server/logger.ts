import { pino, type Logger } from 'pino';
import { currentRequestId } from './request-scope.js';

export type { Logger };

/**
 * JSON lines on standard output, each with the service's name and, inside a request or an event, its request id.
 * Credentials never get in: header and token fields are removed wherever they appear.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['authorization', '*.authorization', '*.headers.authorization', 'token', '*.token'],
      remove: true,
    },
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { requestId };
    },
  });
}

import { loggedError } from '@fulfillment/telemetry/logged-error';
import { pino, type DestinationStream, type Logger } from 'pino';

/** Where a credential could stand in something that is logged. */
const credentials = [
  'authorization',
  'token',
  'viewerToken',
  'headers.authorization',
  'req.headers.authorization',
];

/** JSON lines on standard output (or to `destination`); credentials are removed wherever they could stand. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'gateway' },
    serializers: { err: loggedError },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: credentials.flatMap((path) => [path, `*.${path}`]), remove: true },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

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

/** Lines go out together, this many bytes at a time, and none waits longer than this. */
const gathered = { minLength: 8 * 1024, periodicFlush: 100 };

/** JSON lines on standard output (or to `destination`); credentials are removed wherever they could stand. What is gathered goes out when the process ends. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'gateway' },
    serializers: { err: loggedError },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: credentials.flatMap((path) => [path, `*.${path}`]), remove: true },
  };
  return pino(options, destination ?? pino.destination(gathered));
}

/** For lines whose fields are all named by us, none of them a credential: looking for some costs more than the line. */
export function createLineLogger(logger: Logger): Logger {
  return logger.child({}, { redact: [] });
}

import { loggedError } from '@fulfillment/telemetry/logged-error';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

/** Where a credential could stand in something that is logged. */
const credentials = [
  'authorization',
  'token',
  'viewerToken',
  'headers.authorization',
  'req.headers.authorization',
];

const errorLevel = pino.levels.values['error'] ?? 50;

/** Lines go out together, this many bytes at a time, and none waits longer than this. */
const gathered = { minLength: 8 * 1024, periodicFlush: 100 };

/** Where lines are gathered before they are written. */
type Gathering = ReturnType<typeof pino.destination>;

/** Gathers lines for standard output, or for a file. What is gathered goes out when the process ends, but not when it is killed. */
export function gatherLines(file?: string): Gathering {
  return pino.destination({ ...gathered, ...(file === undefined ? {} : { dest: file }) });
}

/**
 * JSON lines to a stream, standard output when left out; credentials are removed wherever they could stand. A line at the level
 * `error` or above is written at once, with all that was gathered before it: whatever kills the process next, it is there.
 */
export function createLogger(level: string, stream: DestinationStream | Gathering = gatherLines()): Logger {
  const options: LoggerOptions = {
    level,
    base: { service: 'gateway' },
    serializers: { err: loggedError },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: credentials.flatMap((path) => [path, `*.${path}`]), remove: true },
    hooks: {
      logMethod(line, log, lineLevel) {
        log.apply(this, line);
        if (lineLevel >= errorLevel && 'flushSync' in stream) stream.flushSync();
      },
    },
  };
  return pino(options, stream);
}

/** For lines whose fields are all named by us, none of them a credential: looking for some costs more than the line. */
export function createLineLogger(logger: Logger): Logger {
  return logger.child({}, { redact: [] });
}

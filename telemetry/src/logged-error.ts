/** What a log line says of an error. */
interface LoggedError {
  readonly type: string;
  readonly message: string;
  /** Where it was thrown: the frames alone. */
  readonly stack?: string;
  readonly cause?: LoggedError;
  readonly errors?: readonly LoggedError[];
  readonly [fact: string]: unknown;
}

/** What errors of libraries tell beside their message, and what holds no value of anybody's. */
const facts = ['code', 'constraint', 'schema', 'table', 'column', 'routine', 'query', 'syscall', 'port'];

/** Deeper than this nobody looks. */
const deepest = 5;

/**
 * An error as it may stand in a log: what happened and where, without what clients sent. Errors of databases carry the values
 * of the statement (`parameters`, `detail`, `where`), and those about a value that does not fit quote it.
 */
export function loggedError(error: unknown, depth = 0): LoggedError | { readonly type: string } {
  if (!(error instanceof Error)) return { type: typeof error };
  const given = error as Error & Readonly<Record<string, unknown>>;
  const stack = framesOf(error);
  const errors = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  return {
    type: error.name,
    message: messageOf(given),
    ...Object.fromEntries(facts.flatMap((name) => (isPlain(given[name]) ? [[name, given[name]]] : []))),
    ...(stack === undefined ? {} : { stack }),
    ...(error.cause !== undefined && depth < deepest ? { cause: loggedError(error.cause, depth + 1) } : {}),
    ...(errors.length > 0 && depth < deepest
      ? { errors: errors.map((one) => loggedError(one, depth + 1)) }
      : {}),
  };
}

/** PostgreSQL's class 22, data exceptions: their messages quote the value. */
function messageOf({ code, message }: Error & { readonly code?: unknown }): string {
  return typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code)
    ? `A value does not fit (SQLSTATE ${code}).`
    : message;
}

/** A stack begins with the message. */
function framesOf({ stack }: Error): string | undefined {
  const start = stack?.search(/^ {4}at /m) ?? -1;
  return start < 0 ? undefined : stack?.slice(start);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** A code that a library or our own code gives its errors: SQLSTATE, `ECONNREFUSED`, `DEADLINE_EXCEEDED`. */
const codeForm = /^[A-Z0-9_]{3,40}$/;

/**
 * What a failure is called in traces: its code, else its class. Never its message, which may hold what a client sent; the
 * log has that under the same trace id.
 */
export function failureName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && codeForm.test(code) ? code : error.name;
}

/** A request in the form in which the gateway sends it. */
export interface PlainRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Json;
}

type Json = Readonly<Record<string, unknown>>;

const known = new Set(['query', 'operationName', 'variables']);

/**
 * Reads a request of the most usual form. Undefined for every other one, also for what is no request at all: the server knows
 * what HTTP has to say to it.
 */
export function plainRequest(headers: Json, body: unknown): PlainRequest | undefined {
  const accept = headers['accept'];
  if (accept !== undefined && accept !== '*/*' && accept !== 'application/json') return undefined;
  if (!isObject(body)) return undefined;
  for (const key in body) if (!known.has(key)) return undefined;
  const { query, operationName, variables } = body;
  if (typeof query !== 'string') return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (variables != null && !isObject(variables)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a request asks, in the form in which it is answered without further ado. */
export interface PlainRequest {
  readonly source: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** A request by GET may only read. */
  readonly mayWrite: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const known = new Set(['query', 'operationName', 'variables', 'extensions']);

/** Values of `Accept` to which JSON is the answer without any weighing. */
const plainAccept = new Set<unknown>([undefined, '*/*', 'application/json']);

/**
 * Reads a request of the most usual form. Undefined for every other one, also for what is no request at all: the server
 * knows what HTTP has to say to it.
 *
 * @param params the body of a POST, the query of a GET
 */
export function plainRequest(
  method: string,
  headers: Readonly<Record<string, unknown>>,
  params: unknown,
): PlainRequest | undefined {
  const isGet = method === 'GET';
  if (!plainAccept.has(headers['accept']) || !isObject(params)) return undefined;
  if (isGet ? headers['content-type'] !== undefined : !isJson(headers['content-type'])) return undefined;
  for (const key in params) if (!known.has(key)) return undefined;
  const { query, operationName, variables, extensions } = isGet ? fromSearch(params) : params;
  if (typeof query !== 'string' || query === '') return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (variables != null && !isObject(variables)) return undefined;
  if (extensions != null && (!isObject(extensions) || 'persistedQuery' in extensions)) return undefined;
  return {
    source: query,
    operationName: operationName ?? undefined,
    variables: variables ?? {},
    extensions: extensions ?? {},
    mayWrite: !isGet,
  };
}

/** What is no JSON stays a text, which is no plain request. */
function fromSearch(params: Json): Json {
  const { variables, extensions, ...rest } = params;
  return { ...rest, variables: jsonOf(variables), extensions: jsonOf(extensions) };
}

function jsonOf(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function isJson(contentType: unknown): boolean {
  return typeof contentType === 'string' && contentType.startsWith('application/json');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

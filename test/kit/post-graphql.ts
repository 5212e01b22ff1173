import { randomUUID } from 'node:crypto';

/** What a GraphQL server answered, with the HTTP status and the id that its logs carry. */
export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly requestId: string;
  readonly data: Data | null;
  readonly errors: readonly GraphqlAnswerError[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface GraphqlAnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string } & Record<string, unknown>;
}

/** Sends one GraphQL request over HTTP; rejects when no answer comes, within `timeoutMs` where that is given. */
export async function postGraphql<Data>(
  url: string,
  token: string | null,
  document: string,
  variables: Record<string, unknown>,
  timeoutMs?: number,
): Promise<GraphqlAnswer<Data>> {
  const requestId = `test-${randomUUID()}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': requestId,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: document, variables }),
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  });
  const body = (await response.json()) as {
    data?: Data | null;
    errors?: GraphqlAnswerError[];
    extensions?: Record<string, unknown>;
  };
  const { data = null, errors = [], extensions = {} } = body;
  return { status: response.status, requestId, data, errors: errors.map(untraced), extensions };
}

/** The gateway's errors carry the id of their trace, another one each time. */
function untraced(error: GraphqlAnswerError): GraphqlAnswerError {
  const { traceId: _traceId, ...extensions } = error.extensions;
  return { ...error, extensions };
}

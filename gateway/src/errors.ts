import { GraphQLError } from 'graphql';

/** One entry of the catalog of errors. */
export interface ErrorEntry {
  /** What happened and what the caller can do. */
  readonly meaning: string;
  /** The HTTP status of a response that carries this error and no data; 200 where the rest of the data still comes. */
  readonly status: number;
  /** The version of the gateway that first had it. */
  readonly since: string;
}

/**
 * Every error code that the gateway itself gives. Codes that services give (in `extensions.code`, together with
 * `extensions.service`) are in the catalogs of the services.
 */
export const errorCatalog = {
  UNAUTHENTICATED: {
    meaning:
      'There is no token, or it is not valid. The message says why. Ask the identity provider for another.',
    status: 401,
    since: '0.1.0',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    meaning:
      'The token lacks a scope that this field needs. The field is null; the rest of the answer is complete.',
    status: 200,
    since: '0.1.0',
  },
  SERVICE_UNAVAILABLE: {
    meaning: 'The service in extensions.service could not be reached. Its fields are null; try again later.',
    status: 200,
    since: '0.1.0',
  },
  SERVICE_TIMEOUT: {
    meaning:
      'The service in extensions.service did not answer in time. Its fields are null; try again later.',
    status: 200,
    since: '0.1.0',
  },
  SERVICE_BAD_RESPONSE: {
    meaning: 'The service in extensions.service answered with what is no answer. Its fields are null.',
    status: 200,
    since: '0.1.0',
  },
  INVALID_FIELD_VALUE: {
    meaning:
      'A service gave a value that the schema does not allow here, or none where there must be one. The field is null; nothing the client can do.',
    status: 200,
    since: '0.1.0',
  },
  BAD_REQUEST: {
    meaning: 'The HTTP request is not a GraphQL request: invalid JSON, no query, a wrong type, or a batch.',
    status: 400,
    since: '0.1.0',
  },
  REQUEST_TIMEOUT: {
    meaning: 'The request did not arrive whole in time. Send it again, over a better connection.',
    status: 408,
    since: '0.2.0',
  },
  HEADERS_TOO_LARGE: {
    meaning: 'The headers are larger than 16 KB together. Send fewer or shorter ones.',
    status: 431,
    since: '0.2.0',
  },
  BODY_TOO_LARGE: {
    meaning: 'The body is larger than 1 MB. Send less, or use variables.',
    status: 413,
    since: '0.1.0',
  },
  QUERY_TOO_DEEP: {
    meaning: 'The operation nests more than 15 levels of fields. Ask in several operations.',
    status: 400,
    since: '0.1.0',
  },
  QUERY_TOO_LARGE: {
    meaning:
      'The operation has more than 5,000 tokens, 5,000 fields, 100 aliases, 100 directives or 100 root fields, or one field more than 50 times in one place. Ask in several operations.',
    status: 400,
    since: '0.1.0',
  },
  QUERY_TOO_EXPENSIVE: {
    meaning:
      'The operation could cost more than any operation may, by its page sizes. Ask for smaller pages.',
    status: 400,
    since: '0.1.0',
  },
  COST_BUDGET_EXCEEDED: {
    meaning:
      "The viewer's budget does not hold what the operation could cost. Send it again after extensions.retryAfterSeconds.",
    status: 429,
    since: '0.2.0',
  },
  GRAPHQL_PARSE_FAILED: {
    meaning: 'The query is not written in the GraphQL language.',
    status: 400,
    since: '0.1.0',
  },
  GRAPHQL_VALIDATION_FAILED: {
    meaning: 'The query does not fit the schema of the audience of the token, for example an unknown field.',
    status: 400,
    since: '0.1.0',
  },
  QUERY_CANNOT_BE_PLANNED: {
    meaning:
      'The services together cannot answer the query rightly, so none was asked. Ask for less, or for its parts one by one.',
    status: 400,
    since: '0.1.0',
  },
  BAD_USER_INPUT: {
    meaning: 'A variable is missing or of the wrong type.',
    status: 400,
    since: '0.1.0',
  },
  OPERATION_RESOLUTION_FAILURE: {
    meaning: 'The query holds several operations and operationName does not choose one of them.',
    status: 400,
    since: '0.1.0',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    meaning: 'No operation is registered under this hash. Send its text; Apollo clients do so by themselves.',
    status: 200,
    since: '0.2.0',
  },
  OPERATION_NOT_REGISTERED: {
    meaning: 'Tokens of this audience send registered operations alone. Register it in schema/operations.',
    status: 403,
    since: '0.2.0',
  },
  INTROSPECTION_DISABLED: {
    meaning: 'Tokens of this audience may not ask for the schema. It is in schema/audiences.',
    status: 403,
    since: '0.2.0',
  },
  NOT_FOUND: {
    meaning: 'There is nothing at this address. GraphQL is at /graphql.',
    status: 404,
    since: '0.1.0',
  },
  IDENTITY_UNAVAILABLE: {
    meaning:
      'The keys of the identity provider could not be read, so no new token can be checked. Try again later.',
    status: 503,
    since: '0.1.0',
  },
  OVERLOADED: {
    meaning:
      'The gateway has more to do than it can. Nothing was done; try again after the seconds in the header Retry-After.',
    status: 503,
    since: '0.1.0',
  },
  INTERNAL_SERVER_ERROR: {
    meaning: 'A fault of ours. The request id (response header x-request-id) finds the cause in the log.',
    status: 500,
    since: '0.1.0',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalog;

/** True for a code of the gateway's own catalog. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCatalog, code);
}

/** An error of the catalog; `message` is shown to the client as it is, so it holds no secret and no address. */
export function gatewayError(
  code: ErrorCode,
  message: string,
  more: {
    readonly service?: string;
    readonly path?: readonly (string | number)[];
    readonly cause?: unknown;
    /** When it can be sent again, in whole seconds; also the header `Retry-After`. */
    readonly retryAfterSeconds?: number;
  } = {},
): GraphQLError {
  const { status } = errorCatalog[code];
  const { retryAfterSeconds } = more;
  const error = new GraphQLError(message, {
    ...(more.path === undefined ? {} : { path: more.path }),
    extensions: {
      code,
      ...(more.service === undefined ? {} : { service: more.service }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(status === 200 ? {} : { http: { status, ...retryAfter(retryAfterSeconds) } }),
    },
  });
  if (more.cause !== undefined) error.cause = more.cause;
  return error;
}

function retryAfter(seconds: number | undefined): { readonly headers?: ReadonlyMap<string, string> } {
  return seconds === undefined ? {} : { headers: new Map([['retry-after', String(seconds)]]) };
}

import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorCatalog, gatewayError, isErrorCode, type ErrorCode } from '../errors.js';

const maskedMessage =
  'Something went wrong on our side. The request id (header x-request-id) finds the cause in our log.';

/** What our own libraries add to `extensions` and no client needs. */
const internalExtensions = new Set(['serviceName', 'stacktrace', 'exception', 'http', 'response']);

/**
 * The one place that decides what a client sees of an error. Codes of the catalog pass with their message; errors of
 * services keep their code and extensions and say which service; everything else is masked.
 */
export function formatError(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const extensions = formatted.extensions ?? {};
  if (isFromService(extensions)) return formatServiceError(formatted);
  const { code } = extensions;
  if (!isErrorCode(code) || code === 'INTERNAL_SERVER_ERROR') return mask(formatted);
  return { ...formatted, extensions: kept(extensions) };
}

/** True for an error that is ours and that a client sees masked: its cause belongs into the log. */
export function isMasked(error: GraphQLError): boolean {
  const { code } = error.extensions;
  return !isFromService(error.extensions) && (!isErrorCode(code) || code === 'INTERNAL_SERVER_ERROR');
}

/** The response to an HTTP request that ends before or outside of GraphQL's execution. */
export function errorResponse(error: unknown): {
  readonly status: number;
  readonly code: ErrorCode;
  readonly body: { readonly errors: readonly GraphQLFormattedError[] };
} {
  const graphqlError = toGraphqlError(error);
  const formatted = formatError(graphqlError.toJSON());
  const code = formatted.extensions?.['code'];
  const known = isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
  return {
    status: statusOf(error) ?? errorCatalog[known].status,
    code: known,
    body: { errors: [formatted] },
  };
}

function toGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const status = statusOf(error);
  if (status === 413) return gatewayError('BODY_TOO_LARGE', 'The body is too large: 1 MB is allowed.');
  if (status === 415)
    return gatewayError('BAD_REQUEST', 'Send the body as JSON: content-type: application/json.');
  if (status !== undefined && status >= 400 && status < 500) {
    return gatewayError('BAD_REQUEST', 'The body is not valid JSON.');
  }
  return gatewayError('INTERNAL_SERVER_ERROR', maskedMessage);
}

/** The HTTP status of an error that the HTTP server itself raised. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || error instanceof GraphQLError) return undefined;
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** The executor marks what a service answered with `serviceName`. */
function isFromService(extensions: Readonly<Record<string, unknown>>): boolean {
  return typeof extensions['serviceName'] === 'string';
}

function formatServiceError(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { code, ...extensions } = kept(formatted.extensions ?? {});
  const service = String(formatted.extensions?.['serviceName']);
  if (typeof code !== 'string' || code === 'DOWNSTREAM_SERVICE_ERROR' || code === 'INTERNAL_SERVER_ERROR') {
    return {
      ...formatted,
      message: `The ${service} service could not answer this field. The request id (header x-request-id) finds the cause in its log.`,
      extensions: { code: 'INTERNAL_SERVER_ERROR', service },
    };
  }
  return { ...formatted, extensions: { code, ...extensions, service } };
}

function mask({ path, locations }: GraphQLFormattedError): GraphQLFormattedError {
  return {
    message: maskedMessage,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

function kept(extensions: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extensions).filter(([key]) => !internalExtensions.has(key)));
}

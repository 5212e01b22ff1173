import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { gatewayError, isErrorCode, type ErrorCode } from '../errors.js';
import type { ResponsePath } from './entity-path.js';

/**
 * The error of a client's answer for an error of a service's. Errors that the gateway made itself for a service that
 * failed pass as they are; `serviceName` marks the others as the service's own words.
 */
export function toClientError(
  error: GraphQLFormattedError,
  serviceName: string,
  path: ResponsePath | undefined,
): GraphQLError {
  const { service, code } = error.extensions ?? {};
  if (service === serviceName && isErrorCode(code))
    return new GraphQLError(error.message, { extensions: error.extensions ?? {} });
  return new GraphQLError(error.message, {
    ...(path === undefined ? {} : { path }),
    extensions: { ...error.extensions, serviceName },
  });
}

/** Something in the gateway itself went wrong while a service was asked. */
export function fetchFault(cause: unknown, serviceName: string): GraphQLError {
  return new GraphQLError(`Asking the ${serviceName} service failed.`, {
    extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode },
    originalError: cause instanceof Error ? cause : new Error(String(cause)),
  });
}

/** Two services, or two answers of one, say different things about one object. */
export function contradiction(serviceName: string): GraphQLError {
  return gatewayError(
    'INVALID_FIELD_VALUE',
    `The answer of the ${serviceName} service contradicts what was known of the same object.`,
    { service: serviceName },
  );
}

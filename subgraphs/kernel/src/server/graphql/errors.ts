import { unwrapResolverError } from '@apollo/server/errors';
import { withTraceId } from '@fulfillment/telemetry/traced-errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { QueryFailedError } from 'typeorm';
import { InputError } from '../input-error.js';
import type { Logger } from '../logger.js';
import { RequestCancelled } from '../request-cancellation.js';
import { currentRequestRecord, currentTrace } from '../request-scope.js';

/** The request carries no valid viewer token: a service answers nothing but its probes without one. */
export function unauthenticated(): GraphQLError {
  return new GraphQLError('This service answers the gateway alone: a valid viewer token is required.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}

/** The viewer may not do this at all. */
export function forbidden(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });
}

/** What a client sees of an error, with the id of the trace by which logs have what happened. */
export function createErrorFormatter(logger: Logger) {
  const shownOf = createShownError(logger);
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const shown = shownOf(formatted, error);
    currentRequestRecord()?.codes.add(String(shown.extensions?.['code']));
    const traceId = currentTrace()?.traceId;
    return traceId === undefined ? shown : withTraceId(shown, traceId);
  };
}

/**
 * Input errors with their code and field, GraphQL's own as they are, everything else
 * masked and logged. No stack trace leaves the process.
 */
function createShownError(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error);
    if (original instanceof InputError) {
      return {
        ...formatted,
        message: original.message,
        extensions: { code: original.code, field: original.field },
      };
    }
    if (isUnstorable(original)) {
      const message = 'No text may hold the character U+0000.';
      return { ...formatted, message, extensions: { code: 'ARGUMENT_INVALID' } };
    }
    const givenUp = cancellationOf(original);
    if (givenUp !== undefined) return cancelledError(formatted, givenUp);
    if (isIntended(original) || formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR') return formatted;
    logger.error({ err: original, path: formatted.path }, 'A resolver failed');
    const { message: _, extensions: __, ...place } = formatted;
    return {
      ...place,
      message:
        'The service could not answer this field. Try again; the request id finds the cause in its log.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

/** PostgreSQL's codes for a text with U+0000, which no column can hold: by itself, and in JSON. */
const unstorable = new Set(['22021', '22P05']);

function isUnstorable(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  return unstorable.has((error.driverError as { code?: string }).code ?? '');
}

/** TypeORM wraps what its driver throws. */
function cancellationOf(error: unknown): RequestCancelled | undefined {
  if (error instanceof RequestCancelled) return error;
  return error instanceof QueryFailedError ? cancellationOf(error.driverError) : undefined;
}

/** The request was given up, which is in the log once; its fields were not looked for. */
function cancelledError(
  { path, locations }: GraphQLFormattedError,
  { message, reason }: RequestCancelled,
): GraphQLFormattedError {
  return {
    message,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: { code: reason },
  };
}

/** A GraphQLError that our own code threw with a code. */
function isIntended(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions['code'] !== undefined;
}

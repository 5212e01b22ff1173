import type { GraphQLFormattedError } from 'graphql';

/** The errors of a response with the id of its trace, by which the logs of all processes have what happened. */
export function withTraceId(
  errors: readonly GraphQLFormattedError[],
  traceId: string,
): readonly GraphQLFormattedError[] {
  return errors.map((error) => ({ ...error, extensions: { ...error.extensions, traceId } }));
}

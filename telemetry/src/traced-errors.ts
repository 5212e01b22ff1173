/** As much of an error in a GraphQL answer as is looked at here. */
interface AnsweredError {
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An error of a response with the id of its trace, by which the logs of all processes have what happened. */
export function withTraceId<E extends AnsweredError>(error: E, traceId: string): E {
  return { ...error, extensions: { ...error.extensions, traceId } };
}

/** As `withTraceId`, of all errors of a response. */
export function withTraceIds<E extends AnsweredError>(errors: readonly E[], traceId: string): E[] {
  return errors.map((error) => withTraceId(error, traceId));
}

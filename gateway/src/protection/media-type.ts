const responseJson = 'application/graphql-response+json';

/** Errors of a request that is well formed, but whose operation cannot run as it is. */
const operationErrors = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/** The media type of an answer that ends before GraphQL does: that of GraphQL responses for who names it. */
export function mediaTypeFor(accept: string | undefined): string {
  return `${names(accept, responseJson) ? responseJson : 'application/json'}; charset=utf-8`;
}

/**
 * The HTTP status of an answer without data. The specification GraphQL over HTTP wants 200 for every well-formed request
 * of a client that names `application/json` and not the newer media type, because such a client takes a 4xx for an
 * answer that is not GraphQL's. Others get the status of the error.
 *
 * @param codes those of the answer's errors
 */
export function statusFor(accept: string | undefined, status: number, codes: readonly string[]): number {
  const legacy = names(accept, 'application/json') && !names(accept, responseJson);
  const wellFormed = codes.length > 0 && codes.every((code) => operationErrors.has(code));
  return status === 400 && legacy && wellFormed ? 200 : status;
}

function names(accept: string | undefined, type: string): boolean {
  return (accept ?? '').split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === type);
}

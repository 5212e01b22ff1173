import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.js';

export type FailureCode = 'SERVICE_UNAVAILABLE' | 'SERVICE_TIMEOUT' | 'SERVICE_BAD_RESPONSE';

/** A service gave no answer that could be used; `detail` is for the log alone. */
export class ServiceFailure extends Error {
  override name = 'ServiceFailure';

  constructor(
    readonly code: FailureCode,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** What a client sees of a failure: which service, and neither address nor cause. */
export function failureError(code: FailureCode, service: string): GraphQLError {
  return gatewayError(code, `The ${service} service did not answer; its fields are null.`, { service });
}

import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.js';
import type { CancelReason } from '../in-flight/cancellation.js';

export type FailureCode = 'SERVICE_UNAVAILABLE' | 'SERVICE_TIMEOUT' | 'SERVICE_BAD_RESPONSE';

/** What brought a request down, as far as the chain has to tell it apart. */
export interface FailureCause {
  /** The connection failed before any answer: a read may be sent again. */
  readonly atConnection?: boolean;
  /** The service was not asked at all, so this says nothing about its health. */
  readonly notAsked?: boolean;
  /** Nobody waits for the answer any more. */
  readonly abandoned?: boolean;
}

/** A service gave no answer that could be used; `detail` is for the log alone. */
export class ServiceFailure extends Error {
  override name = 'ServiceFailure';
  readonly atConnection: boolean;
  readonly notAsked: boolean;
  readonly abandoned: boolean;

  constructor(
    readonly code: FailureCode,
    readonly detail: string,
    { atConnection = false, notAsked = false, abandoned = false }: FailureCause = {},
  ) {
    super(`${code}: ${detail}`);
    this.atConnection = atConnection;
    this.notAsked = notAsked;
    this.abandoned = abandoned;
  }
}

/** The failure of work that was cancelled. */
export function cancelled(reason: CancelReason, { notAsked = false } = {}): ServiceFailure {
  return reason === 'deadline'
    ? new ServiceFailure('SERVICE_TIMEOUT', 'no answer in time', { notAsked })
    : new ServiceFailure('SERVICE_UNAVAILABLE', 'nobody waits for it', { notAsked: true, abandoned: true });
}

/** What a client sees of a failure: which service, and neither address nor cause. */
export function failureError(code: FailureCode, service: string): GraphQLError {
  return gatewayError(code, `The ${service} service did not answer; its fields are null.`, { service });
}

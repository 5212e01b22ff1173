import type { Audience } from './audience.js';

/** The document of one of our clients' operations, with the types of its result and variables. */
export interface TypedOperation<Result, Variables> {
  readonly audience: Audience;
  readonly operationName: string;
  /** What to send as `query`. */
  readonly document: string;
  /** Never there: carries the types to whoever executes the operation. */
  readonly types?: (variables: Variables) => Result;
}

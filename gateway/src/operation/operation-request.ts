import type { Trace } from '@fulfillment/telemetry/tracing';

/** What a client asks to have run: together with its variables this is one request. */
export interface OperationRequest {
  /** The text of the document. */
  readonly source: string;
  readonly operationName?: string | undefined;
  readonly audience: string;
  /** The scopes of the viewer's token. */
  readonly scopes: ReadonlySet<string>;
  /** Where it is told what preparation does, if anything. */
  readonly trace?: Trace | undefined;
}

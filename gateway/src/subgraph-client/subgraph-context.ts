import type { Trace } from '@fulfillment/telemetry/tracing';
import type { Cancellation } from '../in-flight/cancellation.js';

/** What the requests to services need to know of the client's request for whose sake they are made. */
export interface SubgraphContext {
  readonly requestId: string;
  readonly trace: Trace;
  /** What services are shown as proof of who asks. */
  readonly viewerToken: string;
  /** All that makes this viewer's answers differ from another's: equal for those who would get equal answers alone. */
  readonly viewerScope: string;
  /** Cancelled when the client has gone before its answer. */
  readonly clientGone: Cancellation;
}

import type { Trace } from '@fulfillment/telemetry/tracing';
import type { Identity } from './identity/authenticate.js';
import type { CachingContext } from './cache/entity-cache.js';
import type { Cancellation } from './in-flight/cancellation.js';
import type { RequestRecord } from './telemetry/request-record.js';

/** What one GraphQL request carries through the gateway. */
export interface GatewayContext extends Identity, CachingContext {
  readonly requestId: string;
  readonly trace: Trace;
  /** Cancelled when the client has gone before its answer. */
  readonly clientGone: Cancellation;
  /** What the request's line in the log will say. */
  readonly record: RequestRecord;
}

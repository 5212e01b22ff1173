import { AsyncLocalStorage } from 'node:async_hooks';
import type { Trace } from '@fulfillment/telemetry/tracing';
import type { RequestCancellation } from './request-cancellation.js';
import type { RequestRecord } from './telemetry/request-record.js';

/** What all that is done for one request, event or run of periodic work shares. */
export interface RequestScope {
  /** Undefined for what the service does by itself. */
  readonly requestId?: string;
  /** Where it stands in which trace. */
  readonly trace?: Trace;
  /** Requests alone: what is known of it when it ends. */
  readonly record?: RequestRecord;
  /** Requests alone: an event is taken in to its end. */
  readonly cancellation?: RequestCancellation;
}

const storage = new AsyncLocalStorage<RequestScope>();

/** Runs `work` so that all it logs, queries and publishes carries the scope's ids, and its queries end with it. */
export function inRequestScope<T>(scope: RequestScope, work: () => T): T {
  return storage.run(scope, work);
}

/** The id of the request or event that is being worked on; undefined outside of any. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

/** The place in a trace of what is being worked on; undefined outside of any. */
export function currentTrace(): Trace | undefined {
  return storage.getStore()?.trace;
}

/** What is noted of the request that is being worked on; undefined outside of any. */
export function currentRequestRecord(): RequestRecord | undefined {
  return storage.getStore()?.record;
}

/** Aborts when the request that is being worked on is given up; undefined where nothing is ever given up. */
export function currentCancellation(): AbortSignal | undefined {
  return storage.getStore()?.cancellation?.signal;
}

/** Says that the request that is being worked on changes nothing, so that it may be given up. */
export function allowCancellation(): void {
  storage.getStore()?.cancellation?.allow();
}

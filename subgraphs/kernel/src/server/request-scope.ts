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

/** How much work runs in a scope at this moment. */
let running = 0;

/**
 * Runs `work` so that all it logs, queries and publishes carries the scope's ids, and its queries end with it. While any
 * such work runs, Node.js follows every promise of the process, which costs a tenth of the whole: so it stops with the last
 * one, and what is done most often (`graphql/straight.ts`) hands the scope on by itself.
 */
export function inRequestScope<T>(scope: RequestScope, work: () => T): T {
  running += 1;
  let result: T;
  try {
    result = storage.run(scope, work);
  } catch (error) {
    leave();
    throw error;
  }
  if (result instanceof Promise) result.then(leave, leave);
  else leave();
  return result;
}

function leave(): void {
  running -= 1;
  if (running === 0) storage.disable();
}

/** The scope of what is being worked on; undefined outside of any. */
export function currentScope(): RequestScope | undefined {
  return storage.getStore();
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

/** Says that the request that is being worked on changes nothing, so that it may be given up. */
export function allowCancellation(): void {
  storage.getStore()?.cancellation?.allow();
}

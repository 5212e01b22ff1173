import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestCancellation } from './request-cancellation.js';

/** What all that is done for one request or event shares. */
export interface RequestScope {
  readonly requestId: string;
  /** Requests alone: an event is taken in to its end. */
  readonly cancellation?: RequestCancellation;
}

const storage = new AsyncLocalStorage<RequestScope>();

/** Runs `work` so that all it logs, queries and publishes carries the request's id, and its queries end with it. */
export function inRequestScope<T>(scope: RequestScope, work: () => T): T {
  return storage.run(scope, work);
}

/** The id of the request or event that is being worked on; undefined outside of any. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

/** Aborts when the request that is being worked on is given up; undefined where nothing is ever given up. */
export function currentCancellation(): AbortSignal | undefined {
  return storage.getStore()?.cancellation?.signal;
}

/** Says that the request that is being worked on changes nothing, so that it may be given up. */
export function allowCancellation(): void {
  storage.getStore()?.cancellation?.allow();
}

import { AsyncLocalStorage } from 'node:async_hooks';

interface RequestScope {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestScope>();

/** Runs `work` so that all it logs, queries and publishes carries the request's id. */
export function inRequestScope<T>(requestId: string, work: () => T): T {
  return storage.run({ requestId }, work);
}

/** The id of the request or event that is being worked on; undefined outside of any. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

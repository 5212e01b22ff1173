import type { Viewer } from '@fulfillment/kernel/domain/viewer';

/** What the resolvers of one request share. */
export interface Context {
  readonly viewer: Viewer;
  /** The id of the client's request, for logs and events. */
  readonly requestId: string;
}

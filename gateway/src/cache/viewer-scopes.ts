/** What caching needs to know of a viewer; the same object for each request of a viewer, so that it is worked out once. */
export interface CacheViewer {
  /** By scope: equal for those who get equal answers in it, different for everybody else. */
  readonly scopes: { readonly ACCOUNT: string; readonly VIEWER: string };
  /** What every answer to this viewer depends on, beside what services tell: the viewer's own account, for example. */
  readonly tags: readonly string[];
  /** As whom the viewer writes: reads of the same writer see what was written. */
  readonly writer: string;
}

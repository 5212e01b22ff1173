import type { CacheViewer } from '../cache/viewer-scopes.js';
import { viewerScope } from './viewer-token.js';
import { viewerName, type Viewer } from './viewer.js';

const known = new WeakMap<Viewer, CacheViewer>();

/**
 * Which kept answers a viewer gets: of the account or partner, those of everybody with the same claims and scopes; of a person,
 * those of the same subject besides. What is told of the account's or partner's changes ends all of them.
 */
export function cacheViewerOf(viewer: Viewer): CacheViewer {
  const found = known.get(viewer);
  if (found !== undefined) return found;
  const party = partyOf(viewer);
  const scope = viewerScope(viewer);
  const cacheViewer: CacheViewer = {
    scopes: { ACCOUNT: viewerScope({ ...viewer, subject: '' }), VIEWER: scope },
    tags: party === undefined ? [] : [party],
    writer: party ?? viewerName(viewer),
  };
  known.set(viewer, cacheViewer);
  return cacheViewer;
}

/** As events name it (`schema/events/cache-tags.ts`). Our own people are nobody's. */
function partyOf(viewer: Viewer): string | undefined {
  switch (viewer.audience) {
    case 'product':
      return `account:${viewer.account}`;
    case 'partner':
      return `partner:${viewer.partner}`;
    case 'internal':
      return undefined;
  }
}

import { createHash } from 'node:crypto';
import type { SubgraphRequest } from '../execution/subgraph-fetch.js';
import type { Coverage } from './coverage.js';
import type { CacheViewer } from './viewer-scopes.js';

/**
 * Where the answer to a request lies: one key for each representation (its type, key and required facts, with what is selected
 * of it), or one for the root fields. Viewers who might get different answers have different keys.
 */
export function keysOf(request: SubgraphRequest, covered: Coverage, viewer: CacheViewer): string[] {
  const { fetch, variables, representations } = request;
  const base = createHash('sha256')
    .update(
      JSON.stringify([fetch.serviceName, scopeOf(covered, viewer), covered.selection, sorted(variables)]),
    )
    .digest('base64url');
  if (representations === undefined) return [base];
  return representations.map(({ fields }) => `${base} ${JSON.stringify(sorted(fields))}`);
}

function scopeOf({ scope }: Coverage, { scopes }: CacheViewer): string {
  return scope === 'PUBLIC' ? 'PUBLIC' : `${scope} ${scopes[scope]}`;
}

function sorted(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

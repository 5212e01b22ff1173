import { parse, print, type DocumentNode } from 'graphql';
import { markInaccessible } from './audience/marking.js';
import { readModel } from './audience/model.js';
import { checkInputs } from './audience/input-check.js';
import { visibleElements } from './audience/visibility.js';

export { protectedFields, type ProtectedFields, type Requirement } from './security/requirements.js';
export { cacheHints, type CacheHint, type CacheHints, type CacheScope } from './caching/hints.js';
export { withoutSecurity } from './security/removal.js';

/** The three kinds of client; each has a schema of its own. */
export const AUDIENCES = ['product', 'internal', 'partner'] as const;

export type Audience = (typeof AUDIENCES)[number];

/**
 * The same supergraph with everything that the audience may not see marked `@inaccessible`: the planner keeps using
 * it (keys, required fields), the API schema does not show it.
 *
 * Nothing is visible unless a `@tag` says so. A field's tags are its own or else its type's; a root field needs its
 * own. Everything else follows: see {@link visibleElements}.
 *
 * @throws AudienceCompositionFailed naming each visible field that could not be called without a hidden input
 */
export function audienceSupergraph(supergraphSdl: string, audience: Audience): string {
  return print(audienceDocument(parse(supergraphSdl), audience));
}

function audienceDocument(supergraph: DocumentNode, audience: Audience): DocumentNode {
  const model = readModel(supergraph);
  const visible = visibleElements(model, audience);
  checkInputs(model, visible, audience);
  return markInaccessible(supergraph, visible);
}

import { hasScope, type InternalViewer, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { forbidden } from '@fulfillment/kernel/server/graphql/errors';

/** The viewer, who must be one of the company with this scope. Throws FORBIDDEN. */
export function requireOperations(
  viewer: Viewer,
  scope: 'operations:read' | 'operations:write',
): InternalViewer {
  if (viewer.audience === 'internal' && hasScope(viewer, scope)) return viewer;
  throw forbidden(`The scope \`${scope}\` of the company is required.`);
}

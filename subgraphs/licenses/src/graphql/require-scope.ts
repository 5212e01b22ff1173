import { hasScope, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { forbidden } from '@fulfillment/kernel/server/graphql/errors';

/** Throws a GraphQLError FORBIDDEN unless the viewer has the scope. The gateway asks for it too. */
export function requireScope(viewer: Viewer, scope: string): void {
  if (!hasScope(viewer, scope)) throw forbidden(`The scope \`${scope}\` is required.`);
}

/** Keys are the company's own: throws a GraphQLError FORBIDDEN for everybody else. */
export function requireCompanyScope(viewer: Viewer, scope: string): void {
  if (viewer.audience !== 'internal') throw forbidden('An internal token is required.');
  requireScope(viewer, scope);
}

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

/**
 * An instance changes itself with its secret, an administrator any of the account's without one.
 * Throws a GraphQLError FORBIDDEN when the viewer lacks the scope that this needs.
 */
export function requireInstanceScope(viewer: Viewer, secret: string | null): void {
  requireScope(viewer, secret === null ? 'instances:write' : 'instances:activate');
}

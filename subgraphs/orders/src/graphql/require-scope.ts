import { hasScope, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { forbidden } from '@fulfillment/kernel/server/graphql/errors';

/** Throws FORBIDDEN without the scope, and to an audience that has no business here whatever its scopes. */
export function requireScope(
  { viewer }: { readonly viewer: Viewer },
  scope: string,
  audiences: readonly Viewer['audience'][],
): void {
  if (!hasScope(viewer, scope)) throw forbidden(`The scope \`${scope}\` is required.`);
  if (!audiences.includes(viewer.audience)) {
    throw forbidden(`It is for ${audiences.join(' and ')} clients.`);
  }
}

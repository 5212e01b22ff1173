import { hasScope, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { forbidden } from '@fulfillment/kernel/server/graphql/errors';

interface Asked {
  readonly viewer: Viewer;
}

/** Throws FORBIDDEN without the scope, and to an audience that has no business here whatever its scopes. */
export function requireScope(asked: Asked, scope: string, audiences: readonly Viewer['audience'][]): void {
  if (!hasScope(asked.viewer, scope)) throw forbidden(`The scope \`${scope}\` is required.`);
  requireAudience(asked, audiences);
}

/** Throws FORBIDDEN to an audience that has no business here. */
export function requireAudience({ viewer }: Asked, audiences: readonly Viewer['audience'][]): void {
  if (!audiences.includes(viewer.audience)) {
    throw forbidden(`It is for ${audiences.join(' and ')} clients.`);
  }
}

import { hasScope, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { forbidden } from '@fulfillment/kernel/server/graphql/errors';

/** Money is moved by people of the company alone. Throws a GraphQLError FORBIDDEN. */
export function requireBillingWrite(viewer: Viewer): void {
  if (viewer.audience === 'internal' && hasScope(viewer, 'billing:write')) return;
  throw forbidden('The scope `billing:write` of an internal token is required.');
}

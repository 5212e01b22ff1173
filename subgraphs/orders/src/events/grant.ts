import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { UnitOfWork } from '../service/ports.js';

/** Who may see what, as another service says. */
export async function onGrant(payload: GrantPayload, { grants }: UnitOfWork): Promise<void> {
  await grants.put(payload);
}

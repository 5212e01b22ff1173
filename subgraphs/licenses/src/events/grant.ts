import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { UnitOfWork } from '../service/ports.js';

/** Somebody may see something from now on, or no longer; whichever service says so. */
export const onGrant = (payload: GrantPayload, unit: UnitOfWork): Promise<void> => unit.grants.put(payload);

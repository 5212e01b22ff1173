import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { doDueWork } from '../service/due-work.js';
import type { UnitOfWork } from '../service/ports.js';

/** Something that came due, and failed together with the rest, is tried by itself. */
export const onDueWork = (payload: DueWorkPayload, unit: UnitOfWork): Promise<void> =>
  doDueWork(unit, payload);

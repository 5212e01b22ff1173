import type { FulfillmentStepPayload } from '@fulfillment/schema/events/envelope';
import type { UnitOfWork } from '../service/ports.js';
import { recordFulfillmentStep } from '../service/record-fulfillment-step.js';

/** How a step went, told by the service that did it. */
export function onFulfillmentStep(payload: FulfillmentStepPayload, unit: UnitOfWork): Promise<void> {
  return recordFulfillmentStep(unit, payload);
}

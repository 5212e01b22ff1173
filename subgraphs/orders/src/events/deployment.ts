import type { DeploymentPayload } from '@fulfillment/schema/events/licenses';
import { toKnownDeployment } from '../service/known.js';
import type { UnitOfWork } from '../service/ports.js';

/** Whose deployment it is, and what is sold for it. */
export function onDeployment(payload: DeploymentPayload, { projections }: UnitOfWork): Promise<void> {
  return projections.putDeployment(toKnownDeployment(payload));
}

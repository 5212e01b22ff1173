import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import { startService, type RunningService, type ServiceOptions } from '@fulfillment/kernel/server/service';
import { ordersDefinition } from './definition.js';

/** Starts the orders service. */
export function startOrders(
  environment: ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  return startService(ordersDefinition, environment, options);
}

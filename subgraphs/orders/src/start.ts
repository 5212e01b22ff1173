import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import { startService, type RunningService, type ServiceOptions } from '@fulfillment/kernel/server/service';
import { createOrdersDefinition } from './definition.js';
import { checkoutSettings, type OrdersEnvironment } from './environment.js';

/** Starts the orders service. */
export function startOrders(
  environment: OrdersEnvironment | ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  return startService(createOrdersDefinition(checkoutSettings(environment)), environment, options);
}

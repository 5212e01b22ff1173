import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import {
  startService,
  type RunningService,
  type ServiceOptions,
} from '@fulfillment/kernel/server/start-service';
import { createOrdersDefinition } from './definition.js';
import { localReceiver } from './crm/local-receiver.js';
import { createWebhookReceiver } from './crm/webhook-receiver.js';
import { checkoutSettings, type OrdersEnvironment, webhookSettings } from './environment.js';

/** Starts the orders service. */
export function startOrders(
  environment: OrdersEnvironment | ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  const webhook = webhookSettings(environment);
  const definition = createOrdersDefinition(
    checkoutSettings(environment),
    webhook === null ? localReceiver : createWebhookReceiver(webhook),
  );
  return startService(definition, environment, options);
}

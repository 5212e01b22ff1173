import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import {
  type RunningService,
  type ServiceOptions,
  startService,
} from '@fulfillment/kernel/server/start-service';
import { subscriptionsDefinition } from './definition.js';

/** Starts the subscriptions service; it is ready when the promise resolves. */
export function startSubscriptions(
  environment: ServiceEnvironment,
  options?: ServiceOptions,
): Promise<RunningService> {
  return startService(subscriptionsDefinition, environment, options);
}

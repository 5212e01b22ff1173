import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import { startService, type RunningService, type ServiceOptions } from '@fulfillment/kernel/server/service';
import { licensesDefinition } from './definition.js';

/** Starts the licenses service. */
export function startLicenses(
  environment: ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  return startService(licensesDefinition, environment, options);
}

import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import { startService, type RunningService, type ServiceOptions } from '@fulfillment/kernel/server/service';
import { createLicensesDefinition, licensesDefinition } from './definition.js';
import type { LicensesEnvironment } from './environment.js';
import { createFileKeyRing } from './keys/file-key-ring.js';

/** Starts the licenses service. An environment that names no folder for keys gets keys that end with the process. */
export function startLicenses(
  environment: LicensesEnvironment | ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  const definition =
    'LICENSE_KEYS_FOLDER' in environment
      ? createLicensesDefinition(createFileKeyRing(environment.LICENSE_KEYS_FOLDER))
      : licensesDefinition;
  return startService(definition, environment, options);
}

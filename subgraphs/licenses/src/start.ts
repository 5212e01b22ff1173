import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import {
  startService,
  type RunningService,
  type ServiceOptions,
} from '@fulfillment/kernel/server/start-service';
import { createLicensesDefinition, licensesDefinition } from './definition.js';
import type { LicensesEnvironment } from './environment.js';
import { createFileKeyRing } from './keys/file-key-ring.js';
import { createFolderMailer } from './mail/folder-mailer.js';

/** Starts the licenses service. An environment that names no folders gets keys and mails that end with the process. */
export function startLicenses(
  environment: LicensesEnvironment | ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  const definition =
    'LICENSE_KEYS_FOLDER' in environment
      ? createLicensesDefinition({
          ring: createFileKeyRing(environment.LICENSE_KEYS_FOLDER),
          mailer: createFolderMailer(environment.MAIL_FOLDER, environment.MAIL_FROM, () => new Date()),
        })
      : licensesDefinition;
  return startService(definition, environment, options);
}

import type { LicenseDeliveryPayload } from '@fulfillment/schema/events/licenses';
import { hasInstances, stateOfCode } from '../domain/activation/activation-code.js';
import type { LicenseDelivery } from '../domain/delivery.js';
import { licenseMail } from '../domain/license-mail.js';
import type { License } from '../domain/license.js';
import { textOf } from './activation/activation-codes.js';
import type { SecretMaker } from './activation/ports.js';
import type { Mailer } from './delivery-ports.js';
import type { DeploymentFacts, RunTransaction, UnitOfWork } from './ports.js';
import { sendMail } from './send-mail.js';
import { licensesItself, writeLicenseFile, type Signing } from './write-license-file.js';

/** What a license is sent with. */
export interface Post extends Signing {
  readonly secrets: SecretMaker;
  readonly mailer: Mailer;
}

/**
 * Sends a license to the people who receive it.
 * @throws when it could not be sent
 */
export async function sendLicense(
  run: RunTransaction,
  post: Post,
  { licenseId }: LicenseDeliveryPayload,
): Promise<void> {
  await sendMail<LicenseDelivery, FoundLicense>(
    run,
    post.mailer,
    {
      store: ({ deliveries }) => deliveries,
      find: async (unit) => {
        const found = await findLicense(unit, licenseId, await unit.clock.now(null));
        // Another version's license is sent in its place.
        return found?.license.replacedById === null ? found : null;
      },
      write: (unit, found) => write(unit, post, found),
    },
    licenseId,
  );
}

interface FoundLicense {
  readonly license: License;
  readonly deployment: DeploymentFacts;
}

async function findLicense(unit: UnitOfWork, licenseId: string, now: Date): Promise<FoundLicense | null> {
  const reader = unit.readerFor(licensesItself, now);
  const [license] = await reader.licenses([licenseId]);
  const [deployment] = license === undefined ? [] : await reader.deploymentFacts([license.deploymentId]);
  // What moved to another account since is that account's affair.
  const isTheirs = license !== undefined && deployment?.deployment.accountId === license.accountId;
  return isTheirs ? { license, deployment } : null;
}

async function write(unit: UnitOfWork, post: Post, { license, deployment }: FoundLicense) {
  if (!hasInstances(deployment.deployment.kind)) {
    return licenseMail(license, deployment.deployment, null, null);
  }
  const file = await writeLicenseFile(unit, post, {
    license,
    deployment,
    instanceId: null,
    instanceKey: null,
    validForDays: null,
    issuedTo: 'mail',
    activationId: null,
  });
  return licenseMail(license, deployment.deployment, file.text, await codeOf(unit, post.secrets, license));
}

/** The code that was made with the license, if it still opens anything. */
async function codeOf(unit: UnitOfWork, secrets: SecretMaker, license: License): Promise<string | null> {
  const code = await unit.activations.openCode(license.deploymentId);
  if (code === null || code.licenseId !== license.id) return null;
  const isOpen = stateOfCode(code, await unit.clock.now(license.accountId)) === 'OPEN';
  return isOpen ? textOf(secrets, code) : null;
}

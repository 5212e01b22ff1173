import type { LicenseDeliveryPayload } from '@fulfillment/schema/events/licenses';
import { hasInstances, stateOfCode } from '../domain/activation/activation-code.js';
import {
  attemptFailed,
  delivered,
  superseded,
  waitsForContact,
  type LicenseDelivery,
} from '../domain/delivery.js';
import { licenseMail } from '../domain/license-mail.js';
import type { License } from '../domain/license.js';
import { textOf } from './activation/activation-codes.js';
import type { SecretMaker } from './activation/ports.js';
import type { Mail, Mailer } from './delivery-ports.js';
import type { DeploymentFacts, RunTransaction, UnitOfWork } from './ports.js';
import { licensesItself, writeLicenseFile, type Signing } from './write-license-file.js';

/** What a license is sent with. */
export interface Post extends Signing {
  readonly secrets: SecretMaker;
  readonly mailer: Mailer;
}

/**
 * Sends a license to the people who receive it. The mail is handed over outside any transaction, between one that writes it and one
 * that says what came of it: a process that dies in between is followed by another attempt at the same mail. What was sent before, or
 * has nobody to receive it, is left alone.
 * @throws when it could not be sent: the delivery of the event fails as any other, and comes again
 */
export async function sendLicense(
  run: RunTransaction,
  post: Post,
  { licenseId }: LicenseDeliveryPayload,
): Promise<void> {
  try {
    const mail = await run((unit) => prepare(unit, post, licenseId));
    if (mail === null) return;
    await post.mailer.send(mail);
    const sentTo = mail.to.map(({ email }) => email);
    await run(async (unit) => {
      const at = await unit.clock.now(null);
      await settle(unit, licenseId, (delivery) => delivered(delivery, at, sentTo));
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await run((unit) => settle(unit, licenseId, (delivery) => attemptFailed(delivery, message)));
    throw error;
  }
}

/** Writes down what came of an attempt. */
async function settle(
  { deliveries }: UnitOfWork,
  licenseId: string,
  after: (delivery: LicenseDelivery) => LicenseDelivery,
): Promise<void> {
  const delivery = await deliveries.hold(licenseId);
  if (delivery?.state === 'PENDING') await deliveries.put(after(delivery));
}

/** The mail that is to be handed over; null when there is nothing to send. */
async function prepare(unit: UnitOfWork, post: Post, licenseId: string): Promise<Mail | null> {
  const delivery = await unit.deliveries.hold(licenseId);
  if (delivery?.state !== 'PENDING') return null;
  const found = await findLicense(unit, licenseId, await unit.clock.now(null));
  // Another version's license is sent in its place.
  if (found === null || found.license.replacedById !== null) {
    await unit.deliveries.put(superseded(delivery));
    return null;
  }
  // Those of the account that uses it, whoever pays.
  await unit.contacts.hold(delivery.accountId);
  const contacts = await unit.contacts.of(delivery.accountId);
  if (contacts.length === 0) {
    await unit.deliveries.put(waitsForContact(delivery));
    return null;
  }
  const to = contacts.map(({ name, email }) => ({ name, email }));
  return { id: licenseId, to, ...(await write(unit, post, found)) };
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

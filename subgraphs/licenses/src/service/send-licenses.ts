import type { Clock } from '@fulfillment/kernel/domain/clock';
import { hasInstances, stateOfCode } from '../domain/activation/activation-code.js';
import {
  attempted,
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

/** A mail that is to be handed over, and its delivery as it stands while that is tried. */
interface Attempt {
  readonly delivery: LicenseDelivery;
  readonly mail: Mail;
}

/**
 * Sends the license that is due longest. It is handed over outside any transaction, between one that says that it is tried and
 * one that says what came of it: a process that dies in between is followed by another attempt at the same mail.
 * @returns false when none was due
 */
export async function sendNextLicense(run: RunTransaction, post: Post, clock: Clock): Promise<boolean> {
  const next = await run(async (unit) => prepare(unit, post, await clock.now(null)));
  if (next === null || next === 'SETTLED') return next !== null;
  const { delivery, mail } = next;
  const error = await post.mailer.send(mail).then(
    () => null,
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  const now = await clock.now(null);
  const outcome =
    error === null
      ? delivered(
          delivery,
          now,
          mail.to.map(({ email }) => email),
        )
      : attemptFailed(delivery, now, error);
  await run((unit) => unit.deliveries.put(outcome));
  return true;
}

/** Null: none is due. SETTLED: there is nothing to hand over. */
async function prepare(unit: UnitOfWork, post: Post, now: Date): Promise<Attempt | 'SETTLED' | null> {
  const due = await unit.deliveries.takeDue(now);
  if (due === null) return null;
  const found = await findLicense(unit, due.licenseId, now);
  // Another version's license is sent in its place.
  if (found === null || found.license.replacedById !== null) {
    await unit.deliveries.put(superseded(due));
    return 'SETTLED';
  }
  // Those of the account that uses it, whoever pays.
  const contacts = await unit.contacts.of(due.accountId);
  const delivery = contacts.length === 0 ? waitsForContact(due) : attempted(due, now);
  await unit.deliveries.put(delivery);
  if (contacts.length === 0) return 'SETTLED';
  const to = contacts.map(({ name, email }) => ({ name, email }));
  return { delivery, mail: { id: due.licenseId, to, ...(await write(unit, post, found)) } };
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

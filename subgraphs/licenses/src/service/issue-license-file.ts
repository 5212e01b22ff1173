import { isUuid } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { computeEntitlements } from '../domain/entitlements/compute.js';
import type { License } from '../domain/license.js';
import { licenseFileContent } from '../domain/license-file.js';
import { refusal, type Refusal } from '../domain/refusal.js';
import { signingKeyAt } from '../domain/signing/signing-key.js';
import { textRefusal } from '../domain/text.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { DeploymentFacts, RunTransaction, UnitOfWork } from './ports.js';
import type { KeyRing, LicenseFileWriter } from './signing-ports.js';

export interface IssueLicenseFileRequest extends Keyed {
  readonly licenseId: string;
  readonly instanceId: string | null;
  /** A public X25519 key: 32 bytes in base64url. */
  readonly instanceKey: string | null;
  readonly validForDays: number | null;
}

/** A file as it was written, in plain JSON. */
export interface IssuedLicenseFile {
  readonly id: string;
  readonly licenseId: string;
  readonly text: string;
  readonly issuedAt: string;
  readonly expiresAt: string | null;
  readonly keyId: string;
}

/** What signs and what writes. */
export interface Signing {
  readonly ring: KeyRing;
  readonly writer: LicenseFileWriter;
}

const longestDays = 3_650;
const day = 24 * 60 * 60 * 1000;

/** Writes a license file of the newest license of a subscription that the viewer may see, and keeps a record of it. */
export function issueLicenseFile(
  run: RunTransaction,
  signing: Signing,
  asking: Asking,
  request: IssueLicenseFileRequest,
): Promise<Result<IssuedLicenseFile, Refusal>> {
  return callOnce(run, asking, 'issueLicenseFile', request, async (unit) => {
    const fault = inputRefusal(request);
    if (fault !== null) return err(fault);
    const found = await findLicense(unit, asking, request.licenseId);
    return found.ok ? ok(await writeFile(unit, signing, asking, request, found.value)) : found;
  });
}

function inputRefusal({ instanceId, instanceKey, validForDays }: IssueLicenseFileRequest): Refusal | null {
  if (validForDays !== null && (validForDays < 1 || validForDays > longestDays)) {
    const message = `\`validForDays\` must be from 1 to ${longestDays}; leave it out for as long as the license.`;
    return refusal('INVALID_VALUE', ['validForDays'], message);
  }
  if (instanceKey !== null && !isX25519Key(instanceKey)) {
    const message = '`instanceKey` must be the 32 bytes of an X25519 public key in base64url, 43 characters.';
    return refusal('INVALID_VALUE', ['instanceKey'], message);
  }
  return instanceId === null ? null : textRefusal(instanceId, 'instanceId');
}

function isX25519Key(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === text;
}

interface FoundLicense extends Pick<DeploymentFacts, 'deployment' | 'facts'> {
  readonly license: License;
}

async function findLicense(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  licenseId: string,
): Promise<Result<FoundLicense, Refusal>> {
  const reader = unit.readerFor(viewer, receivedAt);
  const [license] = isUuid(licenseId) ? await reader.licenses([licenseId.toLowerCase()]) : [];
  const [known] = license === undefined ? [] : await reader.deploymentFacts([license.deploymentId]);
  if (license === undefined || known === undefined) return err(refusal('LICENSE_NOT_FOUND', ['licenseId']));
  if (license.replacedById !== null) return err(refusal('LICENSE_REPLACED', ['licenseId']));
  return ok({ license, deployment: known.deployment, facts: known.facts });
}

async function writeFile(
  unit: UnitOfWork,
  { ring, writer }: Signing,
  { viewer }: Asking,
  { instanceId, instanceKey, validForDays }: IssueLicenseFileRequest,
  { license, deployment, facts }: FoundLicense,
): Promise<IssuedLicenseFile> {
  const issuedAt = await unit.clock.now(license.accountId);
  const key = signingKeyAt(await unit.signingKeys.all(), await unit.clock.now(null));
  if (key === null) throw new Error('There is no key that signs');
  const expiresAt = validForDays === null ? null : new Date(issuedAt.getTime() + validForDays * day);
  const id = unit.newId();
  const subscriptions = facts.subscriptions.filter((agreed) => agreed.id === license.subscriptionId);
  const licensed = computeEntitlements({ ...facts, subscriptions }, instantOf(license, issuedAt));
  const content = licenseFileContent({
    license,
    deployment,
    trial: licensed.trial,
    features: licensed.features,
    instanceId,
    fileId: id,
    issuedAt,
    expiresAt,
  });
  const signer = { keyId: key.id, sign: (bytes: Uint8Array) => ring.sign(key.id, bytes) };
  const text = await writer.write(content, signer, instanceKey);
  await unit.licenseFiles.add({
    id,
    licenseId: license.id,
    instanceId,
    encrypted: instanceKey !== null,
    issuedAt,
    expiresAt,
    keyId: key.id,
    issuedTo: `${viewer.audience}:${viewer.subject}`,
  });
  return {
    id,
    licenseId: license.id,
    text,
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    keyId: key.id,
  };
}

/** The features are those of the license's first day for a license that has not begun yet. */
function instantOf({ startsOn }: License, now: Date): Date {
  const begins = new Date(`${startsOn}T12:00:00Z`);
  return begins > now ? begins : now;
}

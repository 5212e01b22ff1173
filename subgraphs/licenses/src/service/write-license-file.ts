import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { computeEntitlements } from '../domain/entitlements/compute.js';
import type { License } from '../domain/license.js';
import { licenseFileContent } from '../domain/license-file.js';
import { signingKeyAt } from '../domain/signing/signing-key.js';
import type { DeploymentFacts, UnitOfWork } from './ports.js';
import type { KeyRing, LicenseFileRecord, LicenseFileWriter } from './signing-ports.js';

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

/** Licenses itself, where it reads for nobody: what it finds goes to the account that it is about. */
export const licensesItself: Viewer = { audience: 'internal', subject: 'licenses', scopes: new Set() };

/** What a file is to be. */
export interface WantedFile {
  readonly license: License;
  readonly deployment: Pick<DeploymentFacts, 'deployment' | 'facts'>;
  /** The only instance that may use it; null for any of the deployment. */
  readonly instanceId: string | null;
  /** A public X25519 key in base64url to encrypt it to; null leaves it readable. */
  readonly instanceKey: string | null;
  /** For how many days the file itself is good; null for as long as its license. */
  readonly validForDays: number | null;
  /** Audience and subject of who asked for it. */
  readonly issuedTo: string;
  /** Our id of the instance that fetches it; null for a file that was asked for as one. */
  readonly activationId: string | null;
}

const day = 24 * 60 * 60 * 1000;

/** Writes and signs a license file at the account's present instant, and keeps a record of it without its text. */
export async function writeLicenseFile(
  unit: UnitOfWork,
  signing: Signing,
  wanted: WantedFile,
): Promise<IssuedLicenseFile> {
  const issuedAt = await unit.clock.now(wanted.license.accountId);
  const key = signingKeyAt(await unit.signingKeys.all(), await unit.clock.now(null));
  if (key === null) throw new Error('There is no key that signs');
  const written = await drawUpLicenseFile(signing, wanted, { id: unit.newId(), issuedAt, keyId: key.id });
  await unit.licenseFiles.add(written.record);
  return written.file;
}

/** What makes one file of several for the same: Ed25519 gives the same content under the same key the same signature. */
export interface FileMark {
  readonly id: string;
  readonly issuedAt: Date;
  readonly keyId: string;
}

/** Writes and signs a license file, and keeps nothing. */
export async function drawUpLicenseFile(
  { ring, writer }: Signing,
  { license, deployment: known, instanceId, instanceKey, validForDays, issuedTo, activationId }: WantedFile,
  { id, issuedAt, keyId }: FileMark,
): Promise<{ readonly file: IssuedLicenseFile; readonly record: LicenseFileRecord }> {
  const { deployment, facts } = known;
  const expiresAt = validForDays === null ? null : new Date(issuedAt.getTime() + validForDays * day);
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
  const signer = { keyId, sign: (bytes: Uint8Array) => ring.sign(keyId, bytes) };
  const text = await writer.write(content, signer, instanceKey);
  const written = { id, licenseId: license.id, keyId };
  const told = { issuedAt: issuedAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null };
  const encrypted = instanceKey !== null;
  const reportKey = writer.reportKeyOf(text);
  return {
    file: { ...written, text, ...told },
    record: { ...written, issuedAt, expiresAt, instanceId, encrypted, issuedTo, reportKey, activationId },
  };
}

/** The features are those of the license's first day for a license that has not begun yet. */
function instantOf({ startsOn }: License, now: Date): Date {
  const begins = new Date(`${startsOn}T12:00:00Z`);
  return begins > now ? begins : now;
}

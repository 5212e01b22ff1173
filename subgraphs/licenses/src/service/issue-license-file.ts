import { personOf } from '@fulfillment/kernel/domain/viewer';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { License } from '../domain/license.js';
import { refusal, type Refusal } from '../domain/refusal.js';
import { textRefusal } from '../domain/text.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { DeploymentFacts, RunTransaction, UnitOfWork } from './ports.js';
import { type IssuedLicenseFile, type Signing, writeLicenseFile } from './write-license-file.js';

export interface IssueLicenseFileRequest extends Keyed {
  readonly licenseId: string;
  readonly instanceId: string | null;
  /** A public X25519 key: 32 bytes in base64url. */
  readonly instanceKey: string | null;
  readonly validForDays: number | null;
}

const longestDays = 3_650;

/** Writes a license file of the newest license of a subscription that the viewer may see, and keeps a record of it. */
export function issueLicenseFile(
  run: RunTransaction,
  signing: Signing,
  asking: Asking,
  request: IssueLicenseFileRequest,
): Promise<Result<IssuedLicenseFile, Refusal>> {
  return callOnce(run, asking, 'issueLicenseFile', request, async (unit) => {
    const fault = inputRefusal(request, signing.writer);
    if (fault !== null) return err(fault);
    const found = await findLicense(unit, asking, request.licenseId);
    if (!found.ok) return found;
    const { instanceId, instanceKey, validForDays } = request;
    const issuedTo = personOf(asking.viewer);
    const wanted = { ...found.value, instanceId, instanceKey, validForDays, issuedTo, activationId: null };
    return ok(await writeLicenseFile(unit, signing, wanted));
  });
}

function inputRefusal(
  { instanceId, instanceKey, validForDays }: IssueLicenseFileRequest,
  writer: Signing['writer'],
): Refusal | null {
  if (validForDays !== null && (validForDays < 1 || validForDays > longestDays)) {
    const message = `\`validForDays\` must be from 1 to ${longestDays}; leave it out for as long as the license.`;
    return refusal('INVALID_VALUE', ['validForDays'], message);
  }
  if (instanceKey !== null && !(isOfForm(instanceKey) && writer.canEncryptTo(instanceKey))) {
    const message = '`instanceKey` must be the 32 bytes of an X25519 public key in base64url, 43 characters.';
    return refusal('INVALID_VALUE', ['instanceKey'], message);
  }
  return instanceId === null ? null : textRefusal(instanceId, 'instanceId');
}

function isOfForm(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === text;
}

interface FoundLicense {
  readonly license: License;
  readonly deployment: DeploymentFacts;
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
  return ok({ license, deployment: known });
}

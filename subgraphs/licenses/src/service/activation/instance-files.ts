import { instanceFileDays, type Instance } from '../../domain/activation/instance.js';
import type { Deployment } from '../../domain/deployment.js';
import { computeEntitlements, type Entitlements } from '../../domain/entitlements/compute.js';
import type { License } from '../../domain/license.js';
import { presentLicenses, type PresentLicenses } from '../../domain/present-license.js';
import { signingKeyAt } from '../../domain/signing/signing-key.js';
import type { DeploymentFacts, UnitOfWork } from '../ports.js';
import type { LicenseFileRecord } from '../signing-ports.js';
import {
  drawUpLicenseFile,
  licensesItself,
  writeLicenseFile,
  type IssuedLicenseFile,
  type Signing,
  type WantedFile,
} from '../write-license-file.js';
import type { InstanceInFull, KeptLicenseFile } from './ports.js';

/** A deployment as its instances find it at an instant. */
export interface Standing {
  readonly at: Date;
  readonly deployment: Deployment;
  readonly facts: DeploymentFacts;
  readonly entitlements: Entitlements;
  /** Those of the subscription in force; none when none is. */
  readonly licenses: PresentLicenses;
  /** True when the subscription has ended, and is kept for some days of grace. */
  readonly hasEnded: boolean;
}

export async function standingOf(unit: UnitOfWork, deployment: Deployment, at: Date): Promise<Standing> {
  const reader = unit.readerFor(licensesItself, at);
  const [facts] = await reader.deploymentFacts([deployment.id]);
  if (facts === undefined) throw new Error(`The deployment ${deployment.id} is gone`);
  const { subscriptionId } = computeEntitlements(facts.facts, at);
  const licenses = subscriptionId === null ? [] : await unit.licenses.ofSubscription(subscriptionId);
  return standingBy({ facts, licenses }, at);
}

/** @param licenses those of all its subscriptions, or at least those of the one in force */
export function standingBy(
  { facts, licenses }: { readonly facts: DeploymentFacts; readonly licenses: readonly License[] },
  at: Date,
): Standing {
  const entitlements = computeEntitlements(facts.facts, at);
  const { subscriptionId } = entitlements;
  return {
    at,
    deployment: facts.deployment,
    facts,
    entitlements,
    licenses: presentLicenses(
      licenses.filter((license) => license.subscriptionId === subscriptionId),
      at,
    ),
    hasEnded: entitlements.inGracePeriod,
  };
}

/** What an instance is to keep: its present license and the one that follows, each as a file for itself alone. */
export interface InstanceFiles {
  readonly licenseFile: IssuedLicenseFile | null;
  readonly nextLicenseFile: IssuedLicenseFile | null;
}

const day = 24 * 60 * 60 * 1000;

/** Writes what an instance gets that was activated just now. */
export async function filesFor(
  unit: UnitOfWork,
  signing: Signing,
  { facts, licenses: { present, next } }: Standing,
  instance: Pick<Instance, 'id' | 'instanceId'>,
): Promise<InstanceFiles> {
  const write = async (license: License | null) =>
    license && writeLicenseFile(unit, signing, wantedFile(license, facts, instance));
  return { licenseFile: await write(present), nextLicenseFile: await write(next) };
}

/** The same file is given for a day, unless it says something else by now. */
const keptFor = day;

/** A file that an instance fetched is remembered for so long after its end: usage reports that were made under it may come late. */
const daysRemembered = 90;

/** What an instance gets that synchronizes, and the records of the files that it did not have yet. */
export interface FetchedFiles {
  readonly given: InstanceFiles;
  readonly files: readonly LicenseFileRecord[];
  readonly forgetBefore: Date;
}

/**
 * The files of an instance that synchronizes. No text is kept: one that it fetched within a day is written again, and is the same
 * to the letter while it says the same under the key that signs now. Else, and after a day, there is a new one.
 */
export async function fetchFiles(
  unit: Pick<UnitOfWork, 'clock' | 'newId'>,
  signing: Signing,
  { at, facts, licenses: { present, next } }: Standing,
  { instance, files: known, signingKeys }: Pick<InstanceInFull, 'instance' | 'files' | 'signingKeys'>,
): Promise<FetchedFiles> {
  const key = signingKeyAt(signingKeys, await unit.clock.now(null));
  if (key === null) throw new Error('There is no key that signs');
  const files: LicenseFileRecord[] = [];
  const fetch = async (license: License | null) => {
    if (license === null) return null;
    const wanted = wantedFile(license, facts, instance);
    const kept = known.find(({ licenseId }) => licenseId === license.id);
    if (kept !== undefined && kept.keyId === key.id && isFresh(kept, at)) {
      const again = await drawUpLicenseFile(signing, wanted, kept);
      if (again.record.reportKey === kept.reportKey) return again.file;
    }
    const fresh = await drawUpLicenseFile(signing, wanted, { id: unit.newId(), issuedAt: at, keyId: key.id });
    files.push(fresh.record);
    return fresh.file;
  };
  const given = { licenseFile: await fetch(present), nextLicenseFile: await fetch(next) };
  return { given, files, forgetBefore: new Date(at.getTime() - daysRemembered * day) };
}

function isFresh({ issuedAt }: KeptLicenseFile, at: Date): boolean {
  const age = at.getTime() - issuedAt.getTime();
  return age >= 0 && age < keptFor;
}

function wantedFile(
  license: License,
  deployment: DeploymentFacts,
  { id, instanceId }: Pick<Instance, 'id' | 'instanceId'>,
): WantedFile {
  return {
    license,
    deployment,
    instanceId,
    instanceKey: null,
    validForDays: instanceFileDays,
    issuedTo: `instance:${id}`,
    activationId: id,
  };
}

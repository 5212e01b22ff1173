import { instanceFileDays, type Instance } from '../../domain/activation/instance.js';
import type { Deployment } from '../../domain/deployment.js';
import { computeEntitlements, type Entitlements } from '../../domain/entitlements/compute.js';
import type { License } from '../../domain/license.js';
import { presentLicenses, type PresentLicenses } from '../../domain/present-license.js';
import type { DeploymentFacts, UnitOfWork } from '../ports.js';
import {
  licensesItself,
  writeLicenseFile,
  type IssuedLicenseFile,
  type Signing,
} from '../write-license-file.js';

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
  const entitlements = computeEntitlements(facts.facts, at);
  const { subscriptionId } = entitlements;
  const licenses = subscriptionId === null ? [] : await unit.licenses.ofSubscription(subscriptionId);
  return {
    at,
    deployment,
    facts,
    entitlements,
    licenses: presentLicenses(licenses, at),
    hasEnded: entitlements.inGracePeriod,
  };
}

/** What an instance is to keep: its present license and the one that follows, each as a file for itself alone. */
export interface InstanceFiles {
  readonly licenseFile: IssuedLicenseFile | null;
  readonly nextLicenseFile: IssuedLicenseFile | null;
}

const day = 24 * 60 * 60 * 1000;

/** A file that an instance fetched is remembered for so long after its end: usage reports that were made under it may come late. */
const daysRemembered = 90;

export async function filesFor(
  unit: UnitOfWork,
  signing: Signing,
  { at, facts, licenses: { present, next } }: Standing,
  { id, instanceId }: Pick<Instance, 'id' | 'instanceId'>,
): Promise<InstanceFiles> {
  const write = async (license: License | null) =>
    license &&
    writeLicenseFile(unit, signing, {
      license,
      deployment: facts,
      instanceId,
      instanceKey: null,
      validForDays: instanceFileDays,
      issuedTo: `instance:${id}`,
      activationId: id,
    });
  await unit.licenseFiles.forget(id, new Date(at.getTime() - daysRemembered * day));
  return { licenseFile: await write(present), nextLicenseFile: await write(next) };
}

import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { ActivationCode, CodeEnd } from '../../domain/activation/activation-code.js';
import type { Instance, InstanceEnd } from '../../domain/activation/instance.js';
import type { Deployment } from '../../domain/deployment.js';
import type { License } from '../../domain/license.js';
import type { SigningKey } from '../../domain/signing/signing-key.js';
import type { DeploymentFacts } from '../ports.js';
import type { LicenseFileRecord } from '../signing-ports.js';

/** A secret text and its SHA-256 in hex, which is all that is kept of it. */
export interface Secret {
  readonly text: string;
  readonly hash: string;
}

/**
 * Makes secret texts out of a secret of its own and the id of what they are for: the same id gives the same text, so that a
 * retry is answered alike though no text is kept.
 */
export interface SecretMaker {
  /** The text of an activation code. */
  codeOf(activationCodeId: string): Promise<Secret>;
  /** The secret of an instance. */
  secretOf(id: string): Promise<Secret>;
  hash(text: string): string;
  /** Compares a text with a hash in a time that tells nothing of either. */
  matches(text: string, hash: string): boolean;
}

/** Who asks, and the instant at which the viewer's grants must hold. */
export interface SeenBy {
  readonly viewer: Viewer;
  readonly receivedAt: Date;
}

export type OfDeployment<Row> = Row & { readonly deployment: Deployment };

/** A file that an instance fetched, as far as it takes to write it again to the letter. */
export interface KeptLicenseFile extends Pick<
  LicenseFileRecord,
  'id' | 'licenseId' | 'issuedAt' | 'expiresAt' | 'keyId'
> {
  readonly reportKey: string | null;
}

/** An instance with all that its files are made from. */
export interface InstanceInFull {
  readonly instance: OfDeployment<Instance>;
  /** Those of its deployment that were not ended, itself among them. */
  readonly instances: readonly Instance[];
  readonly facts: DeploymentFacts;
  /** Those of all subscriptions of the deployment. */
  readonly licenses: readonly License[];
  /** The files that it fetched last, the newest first. */
  readonly files: readonly KeptLicenseFile[];
  readonly signingKeys: readonly SigningKey[];
}

/** How an instance was heard of, and what it fetched. */
export interface SeenInstance extends Pick<Instance, 'lastSeenAt' | 'hostName' | 'version'> {
  /** The files that were written for it. */
  readonly files: readonly LicenseFileRecord[];
  /** With a new file, those that ended before this instant are forgotten: it fetches one each day. */
  readonly forgetBefore: Date;
}

/**
 * Activation codes and instances, inside one transaction. What a viewer may not see is missing, like what does not exist. What
 * is found keeps its deployment's row locked until the transaction ends, so that slots are given to one at a time.
 */
export interface ActivationStore {
  deployment(id: string, seenBy: SeenBy): Promise<Deployment | null>;
  codeByHash(hash: string, seenBy: SeenBy): Promise<OfDeployment<ActivationCode> | null>;
  codeById(id: string, seenBy: SeenBy): Promise<OfDeployment<ActivationCode> | null>;
  /** The code of a deployment that was not ended; it may have expired. */
  openCode(deploymentId: string): Promise<ActivationCode | null>;
  /** True when the deployment ever had a code. */
  hadCode(deploymentId: string): Promise<boolean>;
  addCode(code: ActivationCode): Promise<void>;
  endCode(id: string, at: Date, cause: CodeEnd): Promise<void>;
  instance(id: string, seenBy: SeenBy): Promise<OfDeployment<Instance> | null>;
  /** As `instance`, with all that its files are made from, in one statement. */
  instanceInFull(id: string, seenBy: SeenBy): Promise<InstanceInFull | null>;
  /** Those of a deployment that were not ended. */
  instancesOf(deploymentId: string): Promise<readonly Instance[]>;
  addInstance(instance: Instance): Promise<void>;
  /** The instance was heard of: written when the transaction ends. */
  see(id: string, seen: SeenInstance): void;
  endInstance(id: string, at: Date, cause: InstanceEnd): Promise<void>;
}

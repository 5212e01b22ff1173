import type { Deployment } from '../domain/deployment.js';
import type { LicenseFileContent } from '../domain/license-file.js';
import type { PublicJwk, Revocation, SigningKey } from '../domain/signing/signing-key.js';
import type { SeenBy } from './activation/ports.js';

/**
 * Keeps private keys and signs with them: none ever leaves it. A folder of files and memory stand behind it here; a key
 * management service fits as well.
 */
export interface KeyRing {
  /** Makes an Ed25519 key. */
  create(): Promise<{ readonly id: string; readonly publicKey: PublicJwk }>;
  /** True when it can sign with the key. */
  holds(keyId: string): Promise<boolean>;
  /** The Ed25519 signature of the bytes. Rejects when it does not hold the key. */
  sign(keyId: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** The HMAC-SHA-256 (32 bytes) of a text under a secret of the ring's own: the same one for as long as the ring lasts. */
  mac(text: string): Promise<Uint8Array>;
}

/** Which keys there are and how they stand, inside one transaction. */
export interface SigningKeyStore {
  /** All keys, locked against other changes of keys until the transaction ends. */
  hold(): Promise<readonly SigningKey[]>;
  /** All keys, without a lock. */
  all(): Promise<readonly SigningKey[]>;
  add(key: SigningKey): Promise<void>;
  /** The new key takes over at this instant, which it was not to sign from until later. */
  signFrom(keyId: string, at: Date): Promise<void>;
  revoke(keyId: string, revocation: Revocation): Promise<void>;
}

/** Writes the text of a license file. */
export interface LicenseFileWriter {
  /**
   * @param instanceKey a public X25519 key in base64url to encrypt to; null leaves the file readable
   */
  write(
    content: LicenseFileContent,
    signer: { readonly keyId: string; readonly sign: (bytes: Uint8Array) => Promise<Uint8Array> },
    instanceKey: string | null,
  ): Promise<string>;
  /** True for a public X25519 key in base64url that a file can be encrypted to: some points agree on no secret (RFC 7748, 6.1). */
  canEncryptTo(instanceKey: string): boolean;
  /** What usage reports are sealed with by whoever has a file: it can not be told from the file's id. */
  reportKeyOf(text: string): string;
}

/** What a usage report says: the form that the `fulfillment-license` package writes. */
export interface UsageReport {
  readonly report: { readonly id: string; readonly createdAt: string };
  readonly instance: { readonly id: string; readonly hostName: string; readonly version: string };
  readonly samples: readonly {
    readonly takenAt: string;
    readonly members: number;
    readonly guests: number;
    readonly maximum: { readonly users: number; readonly since: string } | null;
  }[];
  readonly featureUse?:
    | readonly { readonly featureKey: string; readonly used: number; readonly observedAt: string }[]
    | undefined;
}

/** Reads the text of a usage report. */
export interface UsageReportReader {
  /** The length of the longest text, in characters. */
  readonly longest: number;
  /** @param keyOf gives the seal of a license file; null for one that is not known */
  read(
    text: string,
    keyOf: (licenseFileId: string) => Promise<string | null>,
  ): Promise<UsageReport | 'NO_REPORT' | 'UNKNOWN_LICENSE_FILE' | 'ALTERED'>;
  /** Equal for equal contents: the SHA-256 in hex. */
  hash(text: string): string;
}

/** A report that was taken in. */
export interface UsageReportRecord {
  /** The report's own, of the instance's making. */
  readonly id: string;
  readonly deploymentId: string;
  readonly hash: string;
  readonly licenseFileId: string;
  readonly instanceId: string;
  readonly hostName: string;
  readonly version: string;
  readonly createdAt: Date;
  readonly receivedAt: Date;
  /** Audience and subject of who brought it. */
  readonly uploadedBy: string;
  readonly samples: number;
}

export interface UsageReportStore {
  /** Keeps a report, unless the deployment's report of the same content was taken in before: then that one, as it was kept, is given. */
  add(record: UsageReportRecord): Promise<{ readonly record: UsageReportRecord; readonly isNew: boolean }>;
}

/** The record of a file that was written. */
export interface LicenseFileRecord {
  readonly id: string;
  readonly licenseId: string;
  readonly instanceId: string | null;
  readonly encrypted: boolean;
  readonly issuedAt: Date;
  readonly expiresAt: Date | null;
  readonly keyId: string;
  /** Audience and subject of who asked for it. */
  readonly issuedTo: string;
  /** What usage reports under it are sealed with. */
  readonly reportKey: string;
  /** Our id of the instance that fetched it; null for one that was asked for as a file. */
  readonly activationId: string | null;
}

/** A file as reports refer to it. Those from before there were reports have no seal. */
export interface FoundLicenseFile extends Pick<LicenseFileRecord, 'id' | 'instanceId'> {
  readonly reportKey: string | null;
  readonly deployment: Deployment;
}

export interface LicenseFileStore {
  add(record: LicenseFileRecord): Promise<void>;
  /** A file of a deployment whose instances the viewer may see; the deployment's row stays locked until the transaction ends. */
  find(id: string, seenBy: SeenBy): Promise<FoundLicenseFile | null>;
}

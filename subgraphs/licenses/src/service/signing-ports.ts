import type { LicenseFileContent } from '../domain/license-file.js';
import type { PublicJwk, Revocation, SigningKey } from '../domain/signing/signing-key.js';

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
}

export interface LicenseFileStore {
  add(record: LicenseFileRecord): Promise<void>;
}

import { compactDecrypt, compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { unarmor } from './armor.js';
import { licenseFileContent, type LicenseFileContent } from './content.js';
import { judgeContent, type Fault, type Reason } from './judge.js';
import type { PublicKey } from './key-set.js';
import { signedType } from './sign.js';

export interface VerifyOptions {
  /** The published keys. */
  readonly keys: readonly PublicKey[];
  readonly at: Date;
  /** The id of the instance that wants to use the file. */
  readonly instance?: string;
  /** The instance's private X25519 key as JWK, for a file that was encrypted to it. */
  readonly instanceKey?: JWK;
}

/** What became of a file. `content` is there once its signature was found good, whatever else speaks against it. */
export interface Verdict {
  readonly valid: boolean;
  readonly reasons: readonly Reason[];
  readonly content: LicenseFileContent | null;
}

/** Checks a license file with public keys alone. It never throws for what a file holds. */
export async function verifyLicenseFile(text: string, options: VerifyOptions): Promise<Verdict> {
  const token = unarmor(text);
  if (token === undefined) return refused('ALTERED', 'The text is not a license file, or it was altered.');
  const signed = await decrypted(token, options.instanceKey);
  if (typeof signed !== 'string') return { valid: false, reasons: [signed], content: null };

  const key = keyOf(signed, options.keys);
  if (key === undefined) {
    return refused('UNKNOWN_KEY', 'None of the public keys signed this file. Fetch the published keys anew.');
  }
  const content = await readSigned(signed, key);
  if (content === undefined) return refused('ALTERED', 'The signature does not fit: the file was altered.');
  const reasons = [...revocation(key), ...judgeContent(content, options.at, options.instance)];
  return { valid: reasons.length === 0, reasons, content };
}

function refused(fault: Fault, message: string): Verdict {
  return { valid: false, reasons: [{ fault, message }], content: null };
}

/** The signed token within; a file that was not encrypted is one itself. */
async function decrypted(token: string, instanceKey: JWK | undefined): Promise<string | Reason> {
  if (token.split('.').length === 3) return token;
  if (instanceKey === undefined) {
    return { fault: 'ENCRYPTED', message: 'The file is encrypted: give the private key of its instance.' };
  }
  try {
    const { plaintext } = await compactDecrypt(token, await importJWK(instanceKey, 'ECDH-ES'), {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new TextDecoder().decode(plaintext);
  } catch {
    return { fault: 'ALTERED', message: 'The file was altered, or it is encrypted to another instance.' };
  }
}

function keyOf(signed: string, keys: readonly PublicKey[]): PublicKey | undefined {
  try {
    const { kid } = decodeProtectedHeader(signed);
    return keys.find((key) => key.kid === kid);
  } catch {
    return undefined;
  }
}

async function readSigned(signed: string, key: PublicKey): Promise<LicenseFileContent | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(signed, await importJWK(key, 'EdDSA'), {
      algorithms: ['EdDSA'],
    });
    if (protectedHeader.typ !== signedType) return undefined;
    return licenseFileContent.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}

function revocation({ revoked }: PublicKey): Reason[] {
  if (revoked === undefined) return [];
  const since = new Date(revoked.revoked_at * 1000).toISOString();
  const message = `The key that signed this file was revoked at ${since}. Ask for a new file.`;
  return [{ fault: 'REVOKED_KEY', message }];
}

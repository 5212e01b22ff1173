import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { armor } from './armor.js';
import type { LicenseFileContent } from './content.js';

/** Signs bytes with a private key that nobody else sees: a file, a key management service. */
export interface Signer {
  /** The id of the key that signs, as its public half is published. */
  readonly keyId: string;
  /** The Ed25519 signature (64 bytes) of the bytes. */
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
}

export const signedType = 'fulfillment-license+jws';

/**
 * Writes a signed license file: a JWS in compact form (RFC 7515, EdDSA), and around it, when the instance has given a public
 * key, a JWE that this instance alone can open (RFC 7516, ECDH-ES over X25519 with A256GCM).
 *
 * @param instanceKey an X25519 public key as JWK
 */
export async function signLicenseFile(
  content: LicenseFileContent,
  signer: Signer,
  instanceKey?: JWK,
): Promise<string> {
  const signed = await signContent(content, signer);
  if (instanceKey === undefined) return armor(signed);
  const encrypted = await new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', cty: signedType })
    .encrypt(await importJWK(instanceKey, 'ECDH-ES'));
  return armor(encrypted);
}

async function signContent(content: LicenseFileContent, { keyId, sign }: Signer): Promise<string> {
  const header = base64url({ alg: 'EdDSA', kid: keyId, typ: signedType });
  const input = `${header}.${base64url(content)}`;
  const signature = await sign(new TextEncoder().encode(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

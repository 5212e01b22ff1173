import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { PublicJwk } from '../domain/signing/signing-key.js';

/** The public half of an Ed25519 private key, and the key's id: the thumbprint of its public half (RFC 7638). */
export async function publicHalf(
  privateKey: KeyObject,
): Promise<{ readonly id: string; readonly publicKey: PublicJwk }> {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('The key is no Ed25519 key');
  const publicKey: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x };
  return { id: await calculateJwkThumbprint({ ...publicKey }), publicKey };
}

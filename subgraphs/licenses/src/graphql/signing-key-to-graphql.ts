import { stateOfKey, type SigningKey } from '../domain/signing/signing-key.js';
import type { SigningKey as GraphqlSigningKey } from './__generated__/resolvers.js';

/** One of the keys as it stands at an instant. */
export function signingKeyToGraphql(
  key: SigningKey,
  keys: readonly SigningKey[],
  at: Date,
): GraphqlSigningKey {
  const { id, createdAt, signsFrom, revocation } = key;
  return {
    id,
    state: stateOfKey(key, keys, at),
    createdAt,
    signsFrom,
    revokedAt: revocation?.at ?? null,
    revocationReason: revocation?.reason ?? null,
  };
}

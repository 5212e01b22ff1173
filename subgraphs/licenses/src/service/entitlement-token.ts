import { compactToken, entitlementClaims } from '../domain/entitlement-token.js';
import { signingKeyAt, type SigningKey } from '../domain/signing/signing-key.js';
import type { DeploymentEntitlements } from './read-entitlements.js';
import type { KeyRing } from './signing-ports.js';

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * Signs what a deployment may use with the key that signs now. Nothing is kept of it.
 * @param now the present instant of the system: the deployment that checks the token lives by no test clock
 */
export async function signEntitlements(
  ring: KeyRing,
  keys: readonly SigningKey[],
  { deployment, entitlements, at, holdsUntil }: DeploymentEntitlements,
  { now, tokenId }: { readonly now: Date; readonly tokenId: string },
): Promise<IssuedToken> {
  const key = signingKeyAt(keys, now);
  if (key === null) throw new Error('There is no key that signs');
  const holdsForMs = holdsUntil === null ? null : holdsUntil.getTime() - at.getTime();
  const claims = entitlementClaims(deployment, entitlements, { tokenId, issuedAt: now, holdsForMs });
  const { bytes, signed } = compactToken(claims, key.id);
  return {
    token: signed(await ring.sign(key.id, bytes)),
    expiresAt: new Date(claims.exp * 1000),
  };
}

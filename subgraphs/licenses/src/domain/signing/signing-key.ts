/** An Ed25519 public key as JSON Web Key (RFC 8037). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** A key that signs license files. Its private half is known to the port that made it, and to nobody else. */
export interface SigningKey {
  /** The key's id (`kid`): the thumbprint of its public half (RFC 7638). */
  readonly id: string;
  readonly publicKey: PublicJwk;
  readonly createdAt: Date;
  /** It is published from its creation on and signs from this instant on, so that it is known before it is needed. */
  readonly signsFrom: Date;
  readonly revocation: Revocation | null;
}

/** Why and when a key was declared to be no longer believed, with all that it signed. */
export interface Revocation {
  readonly at: Date;
  readonly reason: string;
}

export type SigningKeyState = 'PENDING' | 'ACTIVE' | 'RETIRED' | 'REVOKED';

/** A key that is rotated in the usual way is published so long before it signs: verifiers fetch the keys at least daily. */
export const overlapMilliseconds = 24 * 60 * 60 * 1000;

/** The key that signs at an instant: of those that may, the one that began last. Null when there is none. */
export function signingKeyAt(keys: readonly SigningKey[], at: Date): SigningKey | null {
  const able = keys.filter((key) => key.revocation === null && key.signsFrom <= at);
  return able.toSorted(newestFirst)[0] ?? null;
}

/** How one of the keys stands at an instant. A retired key signs no more, and what it signed is believed for good. */
export function stateOfKey(key: SigningKey, keys: readonly SigningKey[], at: Date): SigningKeyState {
  if (key.revocation !== null) return 'REVOKED';
  if (key.signsFrom > at) return 'PENDING';
  return signingKeyAt(keys, at)?.id === key.id ? 'ACTIVE' : 'RETIRED';
}

/** A published key of a JSON Web Key Set; a revoked one says so as OpenID Federation 1.0 (8.7.2) has it. */
export interface PublishedKey extends PublicJwk {
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  readonly revoked?: { readonly revoked_at: number; readonly reason: string };
}

/** All keys as they are published, the newest first: retired ones too, as licenses outlive the keys that signed them. */
export function publishedKeySet(keys: readonly SigningKey[]): { readonly keys: readonly PublishedKey[] } {
  return {
    keys: keys.toSorted(newestFirst).map(({ id, publicKey, revocation }) => ({
      ...publicKey,
      kid: id,
      alg: 'EdDSA',
      use: 'sig',
      ...(revocation === null
        ? {}
        : {
            revoked: { revoked_at: Math.floor(revocation.at.getTime() / 1000), reason: revocation.reason },
          }),
    })),
  };
}

function newestFirst(left: SigningKey, right: SigningKey): number {
  return right.signsFrom.getTime() - left.signsFrom.getTime() || (left.id < right.id ? -1 : 1);
}

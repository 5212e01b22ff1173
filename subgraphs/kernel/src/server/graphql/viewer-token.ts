import { createPublicKey, type JsonWebKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Viewer } from '../../domain/viewer.js';

/** Who mints viewer tokens and whom they are for. */
export const viewerTokenIssuer = 'fulfillment-gateway';
export const viewerTokenAudience = 'fulfillment-subgraph';

const common = {
  iss: z.literal(viewerTokenIssuer),
  aud: z.literal(viewerTokenAudience),
  exp: z.number(),
  sub: z.string().min(1),
  scopes: z.array(z.string()),
};

const claimsSchema = z.discriminatedUnion('audience', [
  z.object({ ...common, audience: z.literal('product'), account: z.uuid(), deployment: z.uuid().optional() }),
  z.object({ ...common, audience: z.literal('internal') }),
  z.object({ ...common, audience: z.literal('partner'), partner: z.uuid() }),
]);

/** Reads the viewer from a request's `Authorization` header; null when there is no valid viewer token. */
export type ReadViewer = (authorization: string | undefined) => Viewer | null;

/** So many tokens are remembered: the gateway sends the same one again for four minutes. */
const mostRemembered = 10_000;

interface Verified {
  readonly viewer: Viewer;
  /** Milliseconds since 1970 at which the token expires. */
  readonly until: number;
}

/**
 * Verifies a token once (EdDSA, RFC 8037), and remembers it by its text until it expires. One that does not hold is not
 * remembered. A signature is checked at once and here: handing it to another thread costs as much again as checking it.
 * @param jwks the public Ed25519 keys with which the gateway signs viewer tokens, each with a `kid`; they stay the same as
 *   long as the process runs
 * @throws when a key is none, or no Ed25519 key
 */
export function createViewerReader(jwks: JSONWebKeySet): ReadViewer {
  const keys = new Map(jwks.keys.map((jwk) => [jwk.kid, publicKeyOf({ ...jwk })]));
  const remembered = new LRUCache<string, Verified>({ max: mostRemembered });

  return (authorization) => {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    const known = remembered.get(token) ?? verify(token, keys);
    if (known === null || known.until <= Date.now()) {
      remembered.delete(token);
      return null;
    }
    remembered.set(token, known);
    return known.viewer;
  };
}

function publicKeyOf(jwk: JsonWebKey): KeyObject {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('A viewer key is no Ed25519 key');
  return key;
}

function verify(token: string, keys: ReadonlyMap<string | undefined, KeyObject>): Verified | null {
  try {
    const { alg, kid, crit } = decodeProtectedHeader(token);
    const key = alg === 'EdDSA' && crit === undefined ? keys.get(kid) : undefined;
    const signatureAt = token.lastIndexOf('.') + 1;
    const signed = Buffer.from(token.slice(0, signatureAt - 1));
    const signature = Buffer.from(token.slice(signatureAt), 'base64url');
    if (key === undefined || !verifySignature(null, signed, key, signature)) return null;
    const claims = claimsSchema.safeParse(decodeJwt(token));
    return claims.success ? { viewer: toViewer(claims.data), until: claims.data.exp * 1000 } : null;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
    throw error;
  }
}

function toViewer(claims: z.infer<typeof claimsSchema>): Viewer {
  const common = { subject: claims.sub, scopes: new Set(claims.scopes) };
  switch (claims.audience) {
    case 'product':
      return {
        ...common,
        audience: 'product',
        accountId: claims.account,
        deploymentId: claims.deployment ?? null,
      };
    case 'internal':
      return { ...common, audience: 'internal' };
    case 'partner':
      return { ...common, audience: 'partner', partnerId: claims.partner };
  }
}

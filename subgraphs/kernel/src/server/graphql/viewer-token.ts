import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Viewer } from '../../domain/viewer.js';

/** Who mints viewer tokens and whom they are for. */
export const viewerTokenIssuer = 'fulfillment-gateway';
export const viewerTokenAudience = 'fulfillment-subgraph';

const common = { sub: z.string().min(1), scopes: z.array(z.string()) };

const claimsSchema = z.discriminatedUnion('audience', [
  z.object({ ...common, audience: z.literal('product'), account: z.uuid(), deployment: z.uuid().optional() }),
  z.object({ ...common, audience: z.literal('internal') }),
  z.object({ ...common, audience: z.literal('partner'), partner: z.uuid() }),
]);

/** Reads the viewer from a request's `Authorization` header; null when there is no valid viewer token. */
export type ReadViewer = (authorization: string | undefined) => Promise<Viewer | null>;

/** So many tokens are remembered: the gateway sends the same one again for half a minute. */
const mostRemembered = 10_000;

interface Verified {
  readonly viewer: Viewer;
  /** Milliseconds since 1970 at which the token expires. */
  readonly until: number;
}

/**
 * Verifies a token once, and remembers it by its text until it expires. One that does not hold is not remembered.
 * @param jwks the public keys with which the gateway signs viewer tokens; they stay the same as long as the process runs
 */
export function createViewerReader(jwks: JSONWebKeySet): ReadViewer {
  const keys = createLocalJWKSet(jwks);
  const remembered = new LRUCache<string, Promise<Verified | null>>({ max: mostRemembered });

  const remember = (token: string) => {
    const verifying = verify(token, keys);
    remembered.set(token, verifying);
    const forget = () => {
      if (remembered.peek(token) === verifying) remembered.delete(token);
    };
    verifying.then((verified) => verified ?? forget(), forget);
    return verifying;
  };

  return async (authorization) => {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    const known = await (remembered.get(token) ?? remember(token));
    if (known === null || Date.now() < known.until) return known?.viewer ?? null;
    remembered.delete(token);
    return null;
  };
}

async function verify(token: string, keys: JWTVerifyGetKey): Promise<Verified | null> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: viewerTokenIssuer,
      audience: viewerTokenAudience,
      algorithms: ['EdDSA'],
      requiredClaims: ['exp'],
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success || payload.exp === undefined) return null;
    return { viewer: toViewer(claims.data), until: payload.exp * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
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

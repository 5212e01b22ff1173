import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
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

/** @param jwks the public keys with which the gateway signs viewer tokens */
export function createViewerReader(jwks: JSONWebKeySet): ReadViewer {
  const keys = createLocalJWKSet(jwks);
  return async (authorization) => {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    return token === undefined ? null : verify(token, keys);
  };
}

async function verify(token: string, keys: JWTVerifyGetKey): Promise<Viewer | null> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: viewerTokenIssuer,
      audience: viewerTokenAudience,
      algorithms: ['EdDSA'],
      requiredClaims: ['exp'],
    });
    const claims = claimsSchema.safeParse(payload);
    return claims.success ? toViewer(claims.data) : null;
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

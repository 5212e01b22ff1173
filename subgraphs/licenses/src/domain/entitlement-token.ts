import type { Deployment } from './deployment.js';
import type { Entitlements } from './entitlements/compute.js';
import type { EntitledFeature } from './entitlements/features/index.js';

/** Who signs entitlement tokens, and whom they are for (RFC 7519, `iss` and `aud`). */
export const tokenIssuer = 'fulfillment-licenses';
export const tokenAudience = 'fulfillment-deployment';

/** `typ` of the header (RFC 8725, 3.11), so that no other token of the same keys can stand for it. */
export const tokenType = 'entitlements+jwt';

const longestMilliseconds = 10 * 60_000;

/** The claims of an entitlement token, as `EntitlementToken.token` of the graph documents them. */
export interface EntitlementClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly jti: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  readonly deployment: { readonly kind: string; readonly externalId: string };
  readonly account: string;
  readonly plan: string;
  readonly trial: boolean;
  readonly grace: boolean;
  readonly validUntil: string | null;
  readonly seats: { readonly purchased: number; readonly used: number; readonly maximum: number };
  readonly features: Readonly<Record<string, object>>;
}

/**
 * @param issuedAt by the clock of the system, which is the one that a deployment has
 * @param holdsForMs how long until the entitlements change by the clock; null when they do not
 */
export function entitlementClaims(
  { id, kind, externalId, accountId }: Deployment,
  entitlements: Entitlements,
  { tokenId, issuedAt, holdsForMs }: { tokenId: string; issuedAt: Date; holdsForMs: number | null },
): EntitlementClaims {
  const lasts = Math.min(longestMilliseconds, holdsForMs ?? longestMilliseconds);
  const { purchased, used, maximum } = entitlements.seats;
  return {
    iss: tokenIssuer,
    aud: tokenAudience,
    sub: id,
    jti: tokenId,
    iat: Math.floor(issuedAt.getTime() / 1000),
    exp: Math.floor((issuedAt.getTime() + lasts) / 1000),
    deployment: { kind, externalId },
    account: accountId,
    plan: entitlements.planCode,
    trial: entitlements.trial,
    grace: entitlements.inGracePeriod,
    validUntil: entitlements.validUntil,
    seats: { purchased, used, maximum },
    features: Object.fromEntries(entitlements.features.map((feature) => [feature.key, claimOf(feature)])),
  };
}

function claimOf(feature: EntitledFeature): object {
  switch (feature.kind) {
    case 'ON_OFF':
      return { enabled: feature.enabled };
    case 'LIMIT':
      return { limit: feature.limit, used: feature.used };
    case 'METERED_ALLOWANCE': {
      const { allowance, remaining, overageAllowed } = feature;
      return { allowance, remaining, overage: overageAllowed };
    }
  }
}

/** The bytes that are signed, and the token once its signature is known: the compact form (RFC 7515, 7.1). */
export function compactToken(
  claims: EntitlementClaims,
  keyId: string,
): { readonly bytes: Uint8Array; readonly signed: (signature: Uint8Array) => string } {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const head = `${encoded({ alg: 'EdDSA', typ: tokenType, kid: keyId })}.${encoded(claims)}`;
  return {
    bytes: Buffer.from(head),
    signed: (signature) => `${head}.${Buffer.from(signature).toString('base64url')}`,
  };
}

import { randomUUID } from 'node:crypto';
import type { InternalViewer, PartnerViewer, ProductViewer, Viewer } from '@fulfillment/kernel/domain/viewer';
import { viewerTokenAudience, viewerTokenIssuer } from '@fulfillment/kernel/server/graphql/viewer-token';
import { defaultScopes } from '@fulfillment/local/identity/token-request';
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from 'jose';

interface ViewerOptions {
  readonly subject?: string;
  /** Those of the audience's usual token when left out. */
  readonly scopes?: readonly string[];
}

/** A product UI of an account. */
export function productViewer(
  accountId: string,
  options: ViewerOptions & { readonly deploymentId?: string } = {},
): ProductViewer {
  const { deploymentId = null } = options;
  return { audience: 'product', accountId, deploymentId, ...common('product', options) };
}

/** A person of the company itself. */
export function internalViewer(options: ViewerOptions = {}): InternalViewer {
  return { audience: 'internal', ...common('internal', options) };
}

/** A partner's portal. */
export function partnerViewer(partnerId: string, options: ViewerOptions = {}): PartnerViewer {
  return { audience: 'partner', partnerId, ...common('partner', options) };
}

function common(audience: Viewer['audience'], { subject, scopes }: ViewerOptions) {
  return { subject: subject ?? `test-${audience}`, scopes: new Set(scopes ?? defaultScopes[audience]) };
}

/** Mints viewer tokens as the gateway does, with a key of its own. */
export interface ViewerMint {
  /** For VIEWER_JWKS. */
  readonly jwks: JSONWebKeySet;
  /** The viewer's token, valid for a minute. */
  mint(viewer: Viewer): Promise<string>;
}

export async function createViewerMint(): Promise<ViewerMint> {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
  const kid = randomUUID();
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] },
    mint: (viewer) =>
      new SignJWT(claimsOf(viewer))
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setIssuer(viewerTokenIssuer)
        .setAudience(viewerTokenAudience)
        .setSubject(viewer.subject)
        .setExpirationTime('60s')
        .sign(privateKey),
  };
}

function claimsOf(viewer: Viewer): Record<string, unknown> {
  const claims = { audience: viewer.audience, scopes: [...viewer.scopes] };
  switch (viewer.audience) {
    case 'product':
      return { ...claims, account: viewer.accountId, deployment: viewer.deploymentId ?? undefined };
    case 'internal':
      return claims;
    case 'partner':
      return { ...claims, partner: viewer.partnerId };
  }
}

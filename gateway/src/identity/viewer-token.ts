import { createHash, createPrivateKey, sign } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ViewerSigningKey } from '../environment.js';
import type { Viewer } from './viewer.js';

/** Who mints viewer tokens and whom they are for; services check both. */
export const viewerTokenIssuer = 'fulfillment-gateway';
export const viewerTokenAudience = 'fulfillment-subgraph';

/** Longer than somebody looks at a few pages: a new token is a signature to make, and one for each service to check. */
const lifetimeSeconds = 300;
const reusedForMs = 240_000;
/** So many tokens are remembered. */
const mostRemembered = 10_000;

/** Gives the short-lived token that tells a service who asks. */
export type MintViewerToken = (viewer: Viewer) => string;

const scopesOfViewers = new WeakMap<Viewer, string>();

/** Stands for all that a service is told of a viewer: equal for those whom it cannot tell apart. Short, as part of many keys. */
export function viewerScope(viewer: Viewer): string {
  const known = scopesOfViewers.get(viewer);
  if (known !== undefined) return known;
  const { scopes, ...claims } = viewerClaims(viewer);
  const told = JSON.stringify({ subject: viewer.subject, ...claims, scopes: scopes.toSorted() });
  const scope = createHash('sha256').update(told).digest('base64url');
  scopesOfViewers.set(viewer, scope);
  return scope;
}

interface ViewerClaims {
  readonly audience: Viewer['audience'];
  readonly scopes: readonly string[];
  readonly account?: string;
  readonly deployment?: string;
  readonly partner?: string;
}

interface Minted {
  readonly token: string;
  readonly until: number;
}

/**
 * Mints viewer tokens: JSON Web Tokens signed with EdDSA (RFC 8037), valid for 5 minutes. One is used again for up to 4, for
 * every viewer of whom services would be told the same. It is signed at once and here: handing 40 us of work to another thread
 * costs more than the work.
 *
 * @param now milliseconds since 1970
 */
export function createViewerTokenMint(jwk: ViewerSigningKey, now: () => number): MintViewerToken {
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const header = encoded({ alg: 'EdDSA', kid: jwk.kid });
  const minted = new LRUCache<string, Minted>({ max: mostRemembered });

  const mint = (viewer: Viewer, issuedAt: number) => {
    const claims = {
      ...viewerClaims(viewer),
      iss: viewerTokenIssuer,
      aud: viewerTokenAudience,
      sub: viewer.subject,
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
    };
    const signed = `${header}.${encoded(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
  };

  return (viewer) => {
    const scope = viewerScope(viewer);
    const known = minted.get(scope);
    if (known !== undefined && known.until > now()) return known.token;
    const token = mint(viewer, Math.floor(now() / 1000));
    minted.set(scope, { token, until: now() + reusedForMs });
    return token;
  };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function viewerClaims(viewer: Viewer): ViewerClaims {
  const common = { audience: viewer.audience, scopes: [...viewer.scopes] };
  switch (viewer.audience) {
    case 'product':
      return {
        ...common,
        account: viewer.account,
        ...(viewer.deployment === undefined ? {} : { deployment: viewer.deployment }),
      };
    case 'internal':
      return common;
    case 'partner':
      return { ...common, partner: viewer.partner };
  }
}

import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { gatewayError } from '../errors.js';
import { readClaims, type Viewer } from './viewer.js';

/** Verifies a client's token and gives its viewer: the same object for the same token while it is remembered. */
export type VerifyToken = (token: string) => Promise<Viewer>;

export interface VerifierOptions {
  readonly keys: JWTVerifyGetKey;
  /** The only issuer whose tokens are accepted. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many verified tokens are remembered at most. */
  readonly capacity?: number;
}

const algorithms = ['EdDSA', 'Ed25519', 'RS256', 'ES256'];
const rememberedForMs = 60_000;
/** How far the clocks of the identity provider and of the gateway may differ. */
const clockToleranceSeconds = 5;

interface Remembered {
  readonly viewer: Viewer;
  readonly until: number;
}

/**
 * Verifies signature, issuer, times and claims of client tokens. A verified token is remembered until it expires, for
 * at most 60 s.
 *
 * Throws `UNAUTHENTICATED` with the reason, or `IDENTITY_UNAVAILABLE` when keys cannot be read; neither holds the token.
 */
export function createTokenVerifier({ keys, issuer, now, capacity = 10_000 }: VerifierOptions): VerifyToken {
  const remembered = new LRUCache<string, Remembered>({ max: capacity });

  return async (token) => {
    const known = remembered.get(token);
    if (known !== undefined && known.until > now()) return known.viewer;

    const payload = await verifiedPayload(token, keys, issuer, now());
    const claims = readClaims(payload);
    if (!claims.ok) throw unauthenticated(`The token does not fit: ${claims.problem}.`);
    remembered.set(token, {
      viewer: claims.viewer,
      until: Math.min(claims.expiresAt * 1000, now() + rememberedForMs),
    });
    return claims.viewer;
  };
}

/** The request is refused because of its token. */
export function unauthenticated(message: string) {
  return gatewayError('UNAUTHENTICATED', message);
}

async function verifiedPayload(token: string, keys: JWTVerifyGetKey, issuer: string, now: number) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      algorithms,
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now),
    });
    return payload;
  } catch (error) {
    throw explain(error, issuer);
  }
}

function explain(error: unknown, issuer: string): Error {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired: ask for a new one.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(explainClaim(error.claim, issuer));
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return unauthenticated(
      'The token was signed with an unknown key: ask the identity provider for a new one.',
    );
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return unauthenticated('The signature of the token is not valid: ask for a new one.');
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return unauthenticated(
      `The token is signed in a way that is not accepted: use ${algorithms.join(', ')}.`,
    );
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return unauthenticated('The token is not a signed JSON Web Token (JWT): check that it was copied whole.');
  }
  return gatewayError(
    'IDENTITY_UNAVAILABLE',
    'The keys of the identity provider cannot be read at the moment: try again later.',
    { cause: error },
  );
}

function explainClaim(claim: string, issuer: string): string {
  switch (claim) {
    case 'iss':
      return `The token comes from another issuer: this gateway accepts tokens of ${issuer} alone.`;
    case 'nbf':
      return 'The token is not valid yet: check the clock of the one who issued it.';
    default:
      return `The claim ${claim} of the token is missing or not valid: ask for a new one.`;
  }
}

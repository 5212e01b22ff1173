import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { defaultScopes, type TokenRequest } from './token-request.js';

/** Private keys as JSON Web Keys (Ed25519, with `kid` and `alg`). */
export interface IdentityKeys {
  /** Signs the clients' tokens. */
  readonly client: JWK;
  /** Signs the tokens that the gateway sends to the services. */
  readonly viewer: JWK;
}

/** What stands in for the company's identity provider on one machine. */
export interface Identity {
  /** `iss` of the clients' tokens. */
  readonly issuer: string;
  /** The public keys of the clients' tokens: what the gateway checks them against. */
  readonly clientKeySet: JsonWebKeySet;
  /** The public keys of the gateway's viewer tokens: what the services check them against. */
  readonly viewerKeySet: JsonWebKeySet;
  /** The gateway's private key as JSON text, for VIEWER_SIGNING_KEY. */
  readonly viewerSigningKey: string;
  /** Signs a token for a client. */
  issueToken(request: TokenRequest): Promise<string>;
}

export interface JsonWebKeySet {
  readonly keys: JWK[];
}

export const defaultIssuer = 'https://identity.fulfillment.example';

const hoursOfWork = 12 * 60 * 60;

/** An identity with keys of its own that nothing keeps, for tests; with given keys, the one they belong to. */
export async function createIdentity(
  options: { readonly issuer?: string; readonly keys?: IdentityKeys } = {},
): Promise<Identity> {
  const { issuer = defaultIssuer, keys = await generateKeys() } = options;
  return {
    issuer,
    clientKeySet: { keys: [publicPart(keys.client)] },
    viewerKeySet: { keys: [publicPart(keys.viewer)] },
    viewerSigningKey: JSON.stringify(keys.viewer),
    issueToken: (request) => signToken(keys.client, issuer, request),
  };
}

/** Makes the two private keys. */
export async function generateKeys(): Promise<IdentityKeys> {
  const [client, viewer] = await Promise.all([generateKey(), generateKey()]);
  return { client, viewer };
}

async function generateKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true });
  const jwk = await exportJWK(privateKey);
  // EdDSA is the older name of the algorithm, which every library knows.
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' };
}

function publicPart(key: JWK): JWK {
  const { d: _secret, ...rest } = key;
  return rest;
}

async function signToken(key: JWK, issuer: string, request: TokenRequest): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims: Record<string, string> = {
    scope: (request.scopes ?? defaultScopes[request.audience]).join(' '),
  };
  if (request.audience === 'product') {
    claims['account'] = request.account;
    if (request.deployment !== undefined) claims['deployment'] = request.deployment;
  }
  if (request.audience === 'partner') claims['partner'] = request.partner;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: key.kid ?? '' })
    .setIssuer(issuer)
    .setAudience(request.audience)
    .setSubject(request.subject ?? `local-${request.audience}`)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + (request.expiresInSeconds ?? hoursOfWork))
    .sign(await importJWK(key, 'EdDSA'));
}

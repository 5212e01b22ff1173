import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

export const issuer = 'https://identity.fulfillment.example';
export const accountId = '11111111-1111-4111-8111-111111111111';
export const partnerId = '22222222-2222-4222-8222-222222222222';

export interface SigningKey {
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
  /** Signs claims as they are given; `exp` in an hour unless they say otherwise. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function createKey(kid: string, alg = 'EdDSA'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    privateJwk: { ...(await exportJWK(privateKey)), kid },
    sign: (claims) =>
      new SignJWT({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })
        .setProtectedHeader({ alg, kid })
        .sign(privateKey),
  };
}

/** The claims of a complete token of each audience; `scope` is given to both that use one. */
export const claims = {
  product: (scope = 'entitlements:read orders:place'): JWTPayload => ({
    iss: issuer,
    aud: 'product',
    sub: 'upsell',
    scope,
    account: accountId,
  }),
  internal: (scope = ''): JWTPayload => ({ iss: issuer, aud: 'internal', sub: 'dashboard', scope }),
  partner: (scope = ''): JWTPayload => ({
    iss: issuer,
    aud: 'partner',
    sub: 'portal',
    scope,
    partner: partnerId,
  }),
};

/** An identity provider whose keys are in a file, as in local use. */
export async function createIdentity() {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-identity-'));
  const file = join(folder, 'jwks.json');
  const publish = (keys: readonly SigningKey[]) =>
    writeFile(file, JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }));
  const key = await createKey('identity-1');
  await publish([key]);
  return { key, publish, jwksUrl: pathToFileURL(file).href };
}

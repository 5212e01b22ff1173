import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { createIdentity, defaultIssuer, type Identity } from './identity.js';
import { keySetFile, storedIdentity } from './stored-identity.js';
import type { TokenRequest } from './token-request.js';

const account = '0b8c4f5e-5b1f-5d0c-9a49-0b7f0c6a2d11';
const deployment = '1d0f1a2b-5b1f-5d0c-9a49-0b7f0c6a2d22';
const partner = '2c3d4e5f-5b1f-5d0c-9a49-0b7f0c6a2d33';

async function verified(identity: Identity, request: TokenRequest) {
  const keySet = createLocalJWKSet({ keys: [...identity.clientKeySet.keys] });
  const options = { issuer: identity.issuer, audience: request.audience };
  return (await jwtVerify(await identity.issueToken(request), keySet, options)).payload;
}

describe('createIdentity', () => {
  it.each<[string, TokenRequest, object]>([
    [
      'product',
      { audience: 'product', account, deployment },
      {
        account,
        deployment,
        scope:
          'entitlements:read orders:place contacts:read contacts:write licenses:read instances:read instances:write instances:activate seats:assign',
        sub: 'local-product',
      },
    ],
    [
      'partner',
      { audience: 'partner', partner },
      { partner, scope: 'entitlements:read orders:place quotes:write billing:read commissions:read' },
    ],
    ['internal', { audience: 'internal', subject: 'ada', scopes: ['a', 'b'] }, { sub: 'ada', scope: 'a b' }],
  ])('signs a token for %s that its key set verifies', async (_name, request, claims) => {
    const identity = await createIdentity();
    const payload = await verified(identity, request);
    expect(payload).toMatchObject({ ...claims, iss: defaultIssuer, aud: request.audience });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(12 * 60 * 60);
  });

  it('says nothing of a deployment or account that was not asked for', async () => {
    const identity = await createIdentity();
    expect(await verified(identity, { audience: 'product', account })).not.toHaveProperty('deployment');
    expect(await verified(identity, { audience: 'internal' })).not.toHaveProperty('account');
  });

  it('makes keys that no other identity accepts, and none twice', async () => {
    const [one, other] = await Promise.all([createIdentity(), createIdentity()]);
    const token = await one.issueToken({ audience: 'internal' });
    await expect(jwtVerify(token, createLocalJWKSet({ keys: [...other.clientKeySet.keys] }))).rejects.toThrow(
      /no applicable key/,
    );
    expect(one.clientKeySet.keys[0]?.kid).not.toBe(one.viewerKeySet.keys[0]?.kid);
  });

  it('can make a token that has expired', async () => {
    const identity = await createIdentity();
    const request = { audience: 'internal', expiresInSeconds: -60 } as const;
    await expect(verified(identity, request)).rejects.toThrow(/exp/);
  });

  it('shows no private part in its key sets', async () => {
    const identity = await createIdentity();
    const keys = [...identity.clientKeySet.keys, ...identity.viewerKeySet.keys];
    expect(keys.map((key) => Object.keys(key))).toEqual(keys.map(() => expect.not.arrayContaining(['d'])));
    expect(JSON.parse(identity.viewerSigningKey)).toMatchObject({
      kty: 'OKP',
      crv: 'Ed25519',
      d: expect.any(String),
    });
  });
});

describe('storedIdentity', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  it('makes keys once, for the owner alone, so that tokens outlive a restart', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'identity-'));
    folders.push(folder);
    const before = await storedIdentity(folder, defaultIssuer);
    const token = await before.issueToken({ audience: 'internal' });
    const after = await storedIdentity(folder, defaultIssuer);
    const keySet = JSON.parse(await readFile(keySetFile(folder), 'utf8')) as Identity['clientKeySet'];
    expect(keySet).toEqual(after.clientKeySet);
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...keySet.keys] }));
    expect(payload.aud).toBe('internal');
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'EdDSA', kid: keySet.keys[0]?.kid });
    expect((await stat(path.join(folder, 'identity', 'keys.json'))).mode & 0o777).toBe(0o600);
    expect(after.viewerSigningKey).toBe(before.viewerSigningKey);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { accountId, claims, createIdentity, createKey, issuer, partnerId } from '../../test/kit/identity.js';
import { createAuthenticator } from './authenticate.js';
import { createKeySource } from './key-source.js';
import { createTokenVerifier } from './verify.js';
import { createViewerTokenMint } from './viewer-token.js';
import type { Viewer } from './viewer.js';

const identity = await createIdentity();
const { key } = identity;

function verifier(now: () => number = Date.now) {
  return createTokenVerifier({ keys: createKeySource(new URL(identity.jwksUrl)), issuer, now });
}

const now = Math.floor(Date.now() / 1000);
const other = await createKey('other');
const sameName = await createKey('identity-1');

describe('verifying a client token', () => {
  it('gives the viewer of each audience', async () => {
    const verify = verifier();
    expect(await verify(await key.sign({ ...claims.product(), deployment: partnerId }))).toEqual({
      audience: 'product',
      subject: 'upsell',
      scopes: new Set(['entitlements:read', 'orders:place']),
      account: accountId,
      deployment: partnerId,
    });
    expect(await verify(await key.sign(claims.internal()))).toEqual({
      audience: 'internal',
      subject: 'dashboard',
      scopes: new Set(),
    });
    expect(await verify(await key.sign({ ...claims.partner('a  b'), aud: ['partner'] }))).toEqual({
      audience: 'partner',
      subject: 'portal',
      scopes: new Set(['a', 'b']),
      partner: partnerId,
    });
  });

  it.each(['RS256', 'ES256'])('accepts %s', async (alg) => {
    const otherKey = await createKey(`key-${alg}`, alg);
    await identity.publish([key, otherKey]);
    expect(await verifier()(await otherKey.sign(claims.internal()))).toMatchObject({ audience: 'internal' });
  });

  const { aud: _aud, ...withoutAudience } = claims.internal();
  const { sub: _sub, ...withoutSubject } = claims.internal();
  const { account: _account, ...withoutAccount } = claims.product();
  const { partner: _partner, ...withoutPartner } = claims.partner();

  it.each([
    ['expired', key.sign({ ...claims.internal(), exp: now - 60 }), 'has expired'],
    ['without an end', key.sign({ ...claims.internal(), exp: undefined }), 'claim exp'],
    ['not valid yet', key.sign({ ...claims.internal(), nbf: now + 600 }), 'not valid yet'],
    ['of another issuer', key.sign({ ...claims.internal(), iss: 'https://evil.example' }), 'another issuer'],
    ['signed with an unknown key', other.sign(claims.internal()), 'unknown key'],
    ['signed with another key of the same id', sameName.sign(claims.internal()), 'signature'],
    [
      'for another audience',
      key.sign({ ...claims.internal(), aud: 'admin' }),
      'exactly one of product, internal, partner',
    ],
    ['for two audiences', key.sign({ ...claims.internal(), aud: ['internal', 'partner'] }), 'exactly one of'],
    ['for no audience', key.sign(withoutAudience), 'exactly one of'],
    ['without a subject', key.sign(withoutSubject), 'claim sub'],
    ['of the product without an account', key.sign(withoutAccount), 'claim account must be a UUID'],
    [
      'of the product with an account that is no UUID',
      key.sign({ ...claims.product(), account: '7' }),
      'claim account',
    ],
    [
      'of the product with a deployment that is no UUID',
      key.sign({ ...claims.product(), deployment: 7 }),
      'claim deployment',
    ],
    ['of a partner without a partner', key.sign(withoutPartner), 'claim partner must be a UUID'],
    ['with scopes in a list', key.sign({ ...claims.internal(), scope: ['a'] }), 'claim scope'],
    ['that is no JWT', Promise.resolve('not-a-token'), 'not a signed JSON Web Token'],
    ['that is not signed', Promise.resolve(unsigned(claims.internal())), 'not accepted'],
  ])('refuses one %s', async (_, signing, reason) => {
    const token = await signing;
    const refusal = verifier()(token);
    await expect(refusal).rejects.toThrow(reason);
    await expect(refusal).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
    await refusal.catch((error: Error) => expect(error.message).not.toContain(token));
  });

  it('remembers it for 60 s, and not past its end', async () => {
    let time = now * 1000;
    const verify = verifier(() => time);
    const token = await key.sign({ ...claims.internal(), exp: now + 30 });
    const first = await verify(token);
    time += 29_000;
    expect(await verify(token)).toBe(first);
    time += 7_000;
    await expect(verify(token)).rejects.toThrow('has expired');

    const longer = await key.sign(claims.internal());
    const second = await verify(longer);
    time += 61_000;
    expect(await verify(longer)).not.toBe(second);
  });
});

function unsigned(payload: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode({ exp: now + 60, ...payload })}.`;
}

describe('keys of the identity provider', () => {
  it('in a file are read again when a token names a new one', async () => {
    await identity.publish([key]);
    const verify = verifier();
    await verify(await key.sign(claims.internal()));
    const next = await createKey('identity-2');
    const token = await next.sign(claims.internal());
    await expect(verify(token)).rejects.toThrow('unknown key');
    await identity.publish([key, next]);
    expect(await verify(token)).toMatchObject({ audience: 'internal' });
  });

  it('over HTTP are fetched once, and their absence is not the fault of the token', async () => {
    let [fetched, status] = [0, 500];
    const server = createServer((_request, response) => {
      fetched += 1;
      response.writeHead(status).end(JSON.stringify({ keys: [key.publicJwk] }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
    const verify = createTokenVerifier({ keys: createKeySource(url), issuer, now: Date.now });
    await expect(verify(await key.sign(claims.internal()))).rejects.toMatchObject({
      extensions: { code: 'IDENTITY_UNAVAILABLE', http: { status: 503 } },
    });
    [fetched, status] = [0, 200];
    await verify(await key.sign(claims.internal('a')));
    await verify(await key.sign(claims.internal('b')));
    await expect(verify(await other.sign(claims.internal()))).rejects.toThrow('unknown key');
    expect(fetched).toBe(1);
    server.close();
  });
});

describe('the viewer token', () => {
  const product: Viewer = {
    audience: 'product',
    subject: 's',
    scopes: new Set(['a', 'b']),
    account: accountId,
  };

  it('says who asks, to services, for 5 minutes', async () => {
    const gatewayKey = await createKey('gateway-1');
    const mint = createViewerTokenMint({ ...gatewayKey.privateJwk, kty: 'OKP' } as never, Date.now);
    const keys = createLocalJWKSet({ keys: [gatewayKey.publicJwk] });
    const token = mint(product);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', kid: 'gateway-1' });
    const { payload } = await jwtVerify(token, keys, {
      issuer: 'fulfillment-gateway',
      audience: 'fulfillment-subgraph',
    });
    expect(payload).toMatchObject({ sub: 's', audience: 'product', scopes: ['a', 'b'], account: accountId });
    expect(Object.keys(payload)).not.toContain('deployment');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);

    const partner: Viewer = { audience: 'partner', subject: 'p', scopes: new Set(), partner: partnerId };
    expect((await jwtVerify(mint(partner), keys)).payload).toMatchObject({
      partner: partnerId,
      scopes: [],
    });
  });

  it('is used again for up to 4 minutes, for whoever is told of in the same way', async () => {
    let time = Date.now();
    const gatewayKey = await createKey('gateway-1');
    const mint = createViewerTokenMint({ ...gatewayKey.privateJwk, kty: 'OKP' } as never, () => time);
    const first = mint(product);
    time += 239_000;
    expect(mint(product)).toBe(first);
    expect(mint({ ...product, scopes: new Set(['b', 'a']) })).toBe(first);
    for (const other of [
      { subject: 'other' },
      { scopes: new Set(['a']) },
      { account: partnerId },
      { deployment: accountId },
    ]) {
      expect(mint({ ...product, ...other })).not.toBe(first);
    }
    time += 2_000;
    expect(mint(product)).not.toBe(first);
  });
});

describe('the authorization header', () => {
  const authenticate = createAuthenticator(
    async (token) => ({ audience: 'internal', subject: token, scopes: new Set() }),
    () => 'viewer-token',
  );

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer   abc', 'abc'],
  ])('%s', async (header, subject) => {
    expect(await authenticate(header)).toMatchObject({ viewer: { subject }, viewerToken: 'viewer-token' });
  });

  it.each([undefined, '', 'abc', 'Basic abc', 'Bearer', 'Bearer a b'])('refuses %s', async (header) => {
    await expect(authenticate(header)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });
});

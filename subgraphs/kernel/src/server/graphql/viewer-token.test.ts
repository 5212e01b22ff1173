import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createViewerReader, viewerTokenAudience, viewerTokenIssuer } from './viewer-token.js';

const account = '01980000-0000-7000-8000-000000000001';
const { publicKey, privateKey } = await generateKeyPair('EdDSA');
const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key', alg: 'EdDSA' }] };

const start = Date.parse('2026-11-29T12:00:00Z');
beforeEach(() => vi.useFakeTimers({ now: start, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

async function bearer(key: typeof privateKey = privateKey): Promise<string> {
  const token = await new SignJWT({ audience: 'product', scopes: [], account })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'key' })
    .setIssuer(viewerTokenIssuer)
    .setAudience(viewerTokenAudience)
    .setSubject('somebody')
    .setExpirationTime(Math.floor(start / 1000) + 60)
    .sign(key);
  return `Bearer ${token}`;
}

test('a token shows the same viewer until it expires', async () => {
  const read = createViewerReader(jwks);
  const token = await bearer();
  const first = read(token);
  expect(first).toMatchObject({ audience: 'product', accountId: account });
  expect(read(token)).toBe(first);
});

test('a token that was remembered shows nobody from the instant at which it expires', async () => {
  const read = createViewerReader(jwks);
  const token = await bearer();
  vi.setSystemTime(start + 59_999);
  expect(read(token)).not.toBeNull();
  vi.setSystemTime(start + 60_000);
  expect(read(token)).toBeNull();
  expect(read(token)).toBeNull();
});

test('a token that another key has signed shows nobody, however often it comes', async () => {
  const read = createViewerReader(jwks);
  const strange = await bearer((await generateKeyPair('EdDSA')).privateKey);
  expect(read(strange)).toBeNull();
  expect(read(strange)).toBeNull();
  expect(read(undefined)).toBeNull();
  const own = await bearer();
  read(own);
  const [head, claims] = own.split('.');
  expect(read([head, claims, strange.split('.')[2]].join('.'))).toBeNull();
});

type Change = (token: SignJWT) => SignJWT;

const signed = async (change: Change, header: object = {}) => {
  const token = new SignJWT({ audience: 'product', scopes: [], account })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'key', ...header })
    .setIssuer(viewerTokenIssuer)
    .setAudience(viewerTokenAudience)
    .setSubject('somebody')
    .setExpirationTime(Math.floor(start / 1000) + 60);
  return change(token).sign(privateKey);
};

test.each<[string, () => Promise<string>]>([
  ['of another issuer', async () => signed((token) => token.setIssuer('somebody'))],
  ['for another audience', async () => signed((token) => token.setAudience('product'))],
  ['without a subject', async () => signed((token) => token.setSubject(''))],
  ['signed by a key of another name', async () => signed((token) => token, { kid: 'other' })],
  ['signed by a key without a name', async () => signed((token) => token, { kid: undefined })],
  ['with one part', async () => 'abc'],
  ['with two parts', async () => 'e30.e30'],
  ['of three empty parts', async () => '..'],
  ['whose header is no object', async () => `bnVsbA.${(await signed((token) => token)).slice(4)}`],
  [
    'without a signature, as its header says',
    async () => {
      const [, claims] = (await signed((token) => token)).split('.');
      return `${Buffer.from('{"alg":"none","kid":"key"}').toString('base64url')}.${claims}.`;
    },
  ],
])('a token %s shows nobody', async (_name, make) => {
  const read = createViewerReader(jwks);
  expect(read(`Bearer ${await signed((token) => token)}`)).not.toBeNull();
  expect(read(`Bearer ${await make()}`)).toBeNull();
});

test('a token without an end shows nobody', async () => {
  const endless = await new SignJWT({ audience: 'product', scopes: [], account })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'key' })
    .setIssuer(viewerTokenIssuer)
    .setAudience(viewerTokenAudience)
    .setSubject('somebody')
    .sign(privateKey);
  expect(createViewerReader(jwks)(`Bearer ${endless}`)).toBeNull();
});

test('a key of another kind is refused at the start', async () => {
  const { publicKey: other } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(other)), kid: 'key' };
  expect(() => createViewerReader({ keys: [key] })).toThrow('no Ed25519 key');
});

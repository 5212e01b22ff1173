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

test('a token is verified once, and shows the same viewer until it expires', async () => {
  const read = createViewerReader(jwks);
  const token = await bearer();
  const verify = vi.spyOn(crypto.subtle, 'verify');
  const [first, second] = await Promise.all([read(token), read(token)]);
  expect(first).toMatchObject({ audience: 'product', accountId: account });
  expect(second).toBe(first);
  expect(await read(token)).toBe(first);
  expect(verify).toHaveBeenCalledTimes(1);
  verify.mockRestore();
});

test('a token that was remembered shows nobody from the instant at which it expires', async () => {
  const read = createViewerReader(jwks);
  const token = await bearer();
  vi.setSystemTime(start + 59_999);
  expect(await read(token)).not.toBeNull();
  vi.setSystemTime(start + 60_000);
  expect(await read(token)).toBeNull();
  expect(await read(token)).toBeNull();
});

test('a token that another key has signed shows nobody, however often it comes', async () => {
  const read = createViewerReader(jwks);
  const strange = await bearer((await generateKeyPair('EdDSA')).privateKey);
  expect(await read(strange)).toBeNull();
  expect(await read(strange)).toBeNull();
  expect(await read(undefined)).toBeNull();
  const own = await bearer();
  await read(own);
  const [head, claims] = own.split('.');
  expect(await read([head, claims, strange.split('.')[2]].join('.'))).toBeNull();
});

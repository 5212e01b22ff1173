import { describe, expect, it, test } from 'vitest';
import { publishedKeySet, signingKeyAt, stateOfKey, type SigningKey } from './signing-key.js';

const day = (date: string) => new Date(`2026-${date}T00:00:00Z`);

const key = (id: string, signsFrom: string, revokedAt?: string): SigningKey => ({
  id,
  publicKey: { kty: 'OKP', crv: 'Ed25519', x: `x-of-${id}` },
  createdAt: day('01-01'),
  signsFrom: day(signsFrom),
  revocation: revokedAt === undefined ? null : { at: day(revokedAt), reason: 'The disk was stolen.' },
});

const first = key('first', '01-01');
const second = key('second', '06-02');
const keys = [first, second];

describe('the key that signs', () => {
  test.each([
    ['12-31', null],
    ['01-01', 'first'],
    ['06-01', 'first'],
    ['06-02', 'second'],
  ])('is, at %s, %s', (date, id) => {
    const at = id === null ? new Date('2025-12-31T00:00:00Z') : day(date);
    expect(signingKeyAt(keys, at)?.id ?? null).toBe(id);
  });

  it('is the one before, when the newest was revoked', () => {
    expect(signingKeyAt([first, key('second', '06-02', '06-03')], day('06-10'))?.id).toBe('first');
  });
});

test.each([
  ['06-01', 'ACTIVE', 'PENDING'],
  ['06-02', 'RETIRED', 'ACTIVE'],
])('at %s the first is %s and the second %s', (date, one, two) => {
  expect(keys.map((each) => stateOfKey(each, keys, day(date)))).toEqual([one, two]);
});

test('a revoked key is revoked at any instant, and published as such', () => {
  const revoked = key('first', '01-01', '05-01');
  expect(stateOfKey(revoked, [revoked], day('02-01'))).toBe('REVOKED');
  expect(publishedKeySet([revoked, second]).keys).toEqual([
    { kty: 'OKP', crv: 'Ed25519', x: 'x-of-second', kid: 'second', alg: 'EdDSA', use: 'sig' },
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: 'x-of-first',
      kid: 'first',
      alg: 'EdDSA',
      use: 'sig',
      revoked: { revoked_at: 1_777_593_600, reason: 'The disk was stolen.' },
    },
  ]);
});

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { contentOf, newInstanceKey, newSigner } from '../test/license-file.js';
import { signLicenseFile } from './sign.js';
import { verifyLicenseFile } from './verify.js';

const { signer, published } = newSigner('2024-a');
const keys = [published];
const during = new Date('2024-06-01T00:00:00Z');

const faultsOf = async (text: string, options: Partial<Parameters<typeof verifyLicenseFile>[1]> = {}) =>
  (await verifyLicenseFile(text, { keys, at: during, ...options })).reasons.map(({ fault }) => fault);

describe('a license file', () => {
  it('is valid as it was signed, by the public key alone', async () => {
    const text = await signLicenseFile(contentOf(), signer);
    expect(await verifyLicenseFile(text, { keys, at: during })).toEqual({
      valid: true,
      reasons: [],
      content: contentOf(),
    });
    expect(text.split('\n').every((line) => line.length <= 64)).toBe(true);
  });

  it('survives a way that writes line ends as CR LF', async () => {
    const text = await signLicenseFile(contentOf(), signer);
    expect(await faultsOf(text.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  test.each([
    ['2023-12-31T23:59:59.999Z', ['NOT_YET_VALID']],
    ['2024-01-01T00:00:00.000Z', []],
    ['2024-12-31T23:59:59.999Z', []],
    ['2025-01-01T00:00:00.000Z', ['LICENSE_EXPIRED']],
  ])('A8: valid through the last second of the day before its end: at %s %j', async (at, faults) => {
    const text = await signLicenseFile(contentOf(), signer);
    expect(await faultsOf(text, { at: new Date(at) })).toEqual(faults);
  });

  it('ends by itself, apart from its license', async () => {
    const file = { ...contentOf().file, expiresAt: '2024-02-01T08:00:00.000Z' };
    const text = await signLicenseFile(contentOf({ file }), signer);
    expect(await faultsOf(text, { at: new Date('2024-02-01T07:59:59.999Z') })).toEqual([]);
    expect(await faultsOf(text, { at: new Date('2024-02-01T08:00:00.000Z') })).toEqual(['FILE_EXPIRED']);
    expect(await faultsOf(text, { at: new Date('2025-02-01T00:00:00.000Z') })).toEqual([
      'LICENSE_EXPIRED',
      'FILE_EXPIRED',
    ]);
  });

  it('is for one instance, when it names one', async () => {
    const text = await signLicenseFile(contentOf({ instanceId: 'instance-1' }), signer);
    expect(await faultsOf(text, { instance: 'instance-1' })).toEqual([]);
    expect(await faultsOf(text, { instance: 'instance-2' })).toEqual(['WRONG_INSTANCE']);
    expect(await faultsOf(text)).toEqual(['WRONG_INSTANCE']);
  });

  it('is not believed when its key is unknown or was revoked', async () => {
    const text = await signLicenseFile(contentOf(), signer);
    expect(await faultsOf(text, { keys: [newSigner('2025-a').published] })).toEqual(['UNKNOWN_KEY']);
    const revoked = { ...published, revoked: { revoked_at: 1_714_521_600, reason: 'compromised' } };
    expect(await faultsOf(text, { keys: [revoked] })).toEqual(['REVOKED_KEY']);
  });

  it('signed by another key under a known name is altered', async () => {
    const text = await signLicenseFile(contentOf(), newSigner('2024-a').signer);
    expect(await faultsOf(text)).toEqual(['ALTERED']);
  });

  it('encrypted to an instance is opened by it alone', async () => {
    const own = newInstanceKey();
    const text = await signLicenseFile(contentOf(), signer, own.publicKey);
    expect(text).not.toContain(Buffer.from('"PREMIUM"').toString('base64url').slice(2, 8));
    expect(await faultsOf(text, { instanceKey: own.privateKey })).toEqual([]);
    expect(await faultsOf(text)).toEqual(['ENCRYPTED']);
    expect(await faultsOf(text, { instanceKey: newInstanceKey().privateKey })).toEqual(['ALTERED']);
  });
});

describe('any one byte changed', () => {
  const own = newInstanceKey();

  test.each([
    ['signed', undefined],
    ['encrypted', own.publicKey],
  ])('makes a %s file not valid, wherever it is', async (_, instanceKey) => {
    const bytes = Buffer.from(await signLicenseFile(contentOf(), signer, instanceKey));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (position, difference) => {
          const altered = Buffer.from(bytes);
          altered[position] = (altered[position] ?? 0) ^ difference;
          const verdict = await verifyLicenseFile(altered.toString('utf8'), {
            keys,
            at: during,
            instanceKey: own.privateKey,
          });
          expect(verdict.valid).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is seen in the last character of the signature, whose low bits say nothing', async () => {
    const text = await signLicenseFile(contentOf(), signer);
    const end = text.lastIndexOf('\n-----END');
    for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      const altered = text.slice(0, end - 1) + character + text.slice(end);
      expect((await verifyLicenseFile(altered, { keys, at: during })).valid).toBe(altered === text);
    }
  });

  it('no text makes it throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.base64String()), async (text) => {
        expect((await verifyLicenseFile(text, { keys, at: during })).valid).toBe(false);
      }),
    );
  });
});

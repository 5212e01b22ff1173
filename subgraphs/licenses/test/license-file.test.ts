import { randomUUID } from 'node:crypto';
import { readKeySet } from 'fulfillment-license/key-set';
import { verifyLicenseFile } from 'fulfillment-license/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import { licenseId } from '../src/domain/license.js';
import {
  changed,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  newSubscription,
  now,
  planItem,
} from './facts.js';

const clock = { at: now };
const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => clock.at } });
beforeAll(() => deliverProducts(service));

const internal = internalViewer({ scopes: ['licenses:read', 'licenses:write'] });

interface Issued {
  readonly issueLicenseFile: {
    readonly licenseFile: {
      readonly id: string;
      readonly text: string;
      readonly keyId: string;
      readonly expiresAt: string | null;
      readonly license: { readonly id: string } | null;
    } | null;
    readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
  };
}

const issueDocument = /* GraphQL */ `
  mutation Issue($input: IssueLicenseFileInput!) {
    issueLicenseFile(input: $input) {
      licenseFile {
        id
        text
        keyId
        expiresAt
        license {
          id
        }
      }
      userErrors {
        code
        field
      }
    }
  }
`;

async function issue(viewer: Parameters<typeof service.query>[0], input: object) {
  const { data, errors } = await service.query<Issued>(viewer, issueDocument, {
    input: { idempotencyKey: randomUUID(), ...input },
  });
  return { outcome: data?.issueLicenseFile, errors };
}

async function publishedKeys() {
  const response = await fetch(`${service.url}/.well-known/jwks.json`);
  return readKeySet(await response.text()) ?? [];
}

async function verdictOf(text: string, instance?: string) {
  const keys = await publishedKeys();
  return verifyLicenseFile(text, { keys, at: clock.at, ...(instance === undefined ? {} : { instance }) });
}

/** A customer with one subscription, whose account sees itself. */
async function newCustomer() {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  const viewer = productViewer(subscription.accountId, { scopes: ['licenses:read'] });
  return { subscription, viewer, licenseId: licenseId(subscription.id, 1) };
}

describe('issueLicenseFile', () => {
  it('writes a file that the published keys alone find valid, and that says what was bought', async () => {
    const { viewer, licenseId, subscription } = await newCustomer();
    const { outcome } = await issue(viewer, { licenseId, instanceId: 'instance-1', validForDays: 30 });
    expect(outcome?.userErrors).toEqual([]);
    expect(outcome?.licenseFile).toMatchObject({
      expiresAt: '2026-07-15T12:00:00.000Z',
      license: { id: licenseId },
    });
    const verdict = await verdictOf(outcome?.licenseFile?.text ?? '', 'instance-1');
    expect(verdict).toMatchObject({
      valid: true,
      content: {
        license: { planCode: 'PREMIUM', seats: 10, startsOn: '2026-01-01', endsOn: '2027-01-01' },
        deployment: { externalId: subscription.deployment.externalId },
        notices: {
          administratorsFrom: '2026-12-02',
          usersFrom: '2026-12-31',
          changesBlockedFrom: '2027-01-15',
        },
        features: [
          { key: 'compute', kind: 'METERED_ALLOWANCE', quantity: 10_000 },
          { key: 'issues', kind: 'ON_OFF', quantity: null },
          { key: 'storage', kind: 'LIMIT', quantity: 10 },
        ],
      },
    });
    expect(
      await service.rows('SELECT instance_id, encrypted, issued_to FROM license_file WHERE id = $1', [
        outcome?.licenseFile?.id,
      ]),
    ).toEqual([{ instance_id: 'instance-1', encrypted: false, issued_to: 'product:test-product' }]);
  });

  it('gives the same file to a retry, and refuses the key with another input', async () => {
    const { viewer, licenseId } = await newCustomer();
    const input = { idempotencyKey: randomUUID(), licenseId };
    const first = await issue(viewer, input);
    expect((await issue(viewer, input)).outcome).toEqual(first.outcome);
    expect((await issue(viewer, { ...input, validForDays: 3 })).outcome).toEqual({
      licenseFile: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }],
    });
  });

  it('is for the newest license alone', async () => {
    const { viewer, licenseId: replaced, subscription } = await newCustomer();
    await deliverSubscription(service, changed(subscription, { items: [planItem('PREMIUM', 20)] }), 2);
    expect((await issue(viewer, { licenseId: replaced })).outcome?.userErrors).toEqual([
      { code: 'LICENSE_REPLACED', field: ['licenseId'] },
    ]);
    const newest = await issue(viewer, { licenseId: licenseId(subscription.id, 2) });
    expect((await verdictOf(newest.outcome?.licenseFile?.text ?? '')).content?.license.seats).toBe(20);
  });

  it.each([
    ['licenseId', { licenseId: randomUUID() }, 'LICENSE_NOT_FOUND'],
    ['licenseId', { licenseId: 'none' }, 'LICENSE_NOT_FOUND'],
    ['validForDays', { validForDays: 0 }, 'INVALID_VALUE'],
    ['validForDays', { validForDays: 3_651 }, 'INVALID_VALUE'],
    ['instanceId', { instanceId: '' }, 'INVALID_VALUE'],
    ['instanceKey', { instanceKey: 'AAAA' }, 'INVALID_VALUE'],
    ['instanceKey', { instanceKey: 'A'.repeat(43) }, 'INVALID_VALUE'],
    ['idempotencyKey', { idempotencyKey: 'short' }, 'INVALID_VALUE'],
  ])('names %s when it is wrong: %j', async (field, wrong, code) => {
    const { viewer, licenseId } = await newCustomer();
    const { outcome } = await issue(viewer, { licenseId, ...wrong });
    expect(outcome).toEqual({ licenseFile: null, userErrors: [{ code, field: [field] }] });
  });

  it('tells nobody else whether the license exists: another account, a partner, a token without the scope', async () => {
    const { licenseId, subscription } = await newCustomer();
    const other = await newCustomer();
    expect((await issue(other.viewer, { licenseId })).outcome?.userErrors).toEqual([
      { code: 'LICENSE_NOT_FOUND', field: ['licenseId'] },
    ]);
    expect(
      (await issue(partnerViewer(randomUUID(), { scopes: ['licenses:read'] }), { licenseId })).outcome
        ?.userErrors,
    ).toEqual([{ code: 'LICENSE_NOT_FOUND', field: ['licenseId'] }]);
    const { errors } = await issue(productViewer(subscription.accountId, { scopes: [] }), { licenseId });
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
  });
});

describe('signing keys', () => {
  const keysDocument = '{ signingKeys { id state signsFrom revokedAt revocationReason } }';
  const rotate = `mutation ($input: RotateSigningKeyInput!) {
    rotateSigningKey(input: $input) { signingKey { id state } userErrors { code field } } }`;
  const revoke = `mutation ($input: RevokeSigningKeyInput!) {
    revokeSigningKey(input: $input) { signingKey { id state } userErrors { code field } } }`;
  const states = async () => {
    const { data } = await service.query<{ signingKeys: { id: string; state: string }[] }>(
      internal,
      keysDocument,
    );
    return data?.signingKeys ?? [];
  };
  const key = () => ({ idempotencyKey: randomUUID() });

  it('rotate with a day in which both are published, and the former goes on being believed', async () => {
    const { viewer, licenseId } = await newCustomer();
    const before = await issue(viewer, { licenseId });
    await service.query(internal, rotate, { input: key() });
    expect((await states()).map(({ state }) => state)).toEqual(['PENDING', 'ACTIVE']);
    expect(await publishedKeys()).toHaveLength(2);

    clock.at = new Date(now.getTime() + 24 * 60 * 60 * 1000);
    expect((await states()).map(({ state }) => state)).toEqual(['ACTIVE', 'RETIRED']);
    const after = await issue(viewer, { licenseId });
    expect(after.outcome?.licenseFile?.keyId).not.toBe(before.outcome?.licenseFile?.keyId);
    for (const { outcome } of [before, after]) {
      expect((await verdictOf(outcome?.licenseFile?.text ?? '')).valid).toBe(true);
    }
  });

  it('are revoked with all that they signed, and another one signs at once', async () => {
    const { viewer, licenseId } = await newCustomer();
    const before = await issue(viewer, { licenseId });
    const keyId = before.outcome?.licenseFile?.keyId ?? '';
    const input = { ...key(), keyId, reason: 'A copy was found.' };
    const { data } = await service.query(internal, revoke, { input });
    expect(data).toEqual({
      revokeSigningKey: { signingKey: { id: keyId, state: 'REVOKED' }, userErrors: [] },
    });
    const verdict = await verdictOf(before.outcome?.licenseFile?.text ?? '');
    expect(verdict.reasons.map(({ fault }) => fault)).toEqual(['REVOKED_KEY']);
    const after = await issue(viewer, { licenseId });
    expect((await verdictOf(after.outcome?.licenseFile?.text ?? '')).valid).toBe(true);

    for (const [again, code] of [
      [{ ...key(), keyId, reason: 'Again.' }, 'SIGNING_KEY_REVOKED'],
      [{ ...key(), keyId: 'none', reason: 'None.' }, 'SIGNING_KEY_NOT_FOUND'],
    ] as const) {
      const answer = await service.query<{ revokeSigningKey: { userErrors: object[] } }>(internal, revoke, {
        input: again,
      });
      expect(answer.data?.revokeSigningKey.userErrors).toEqual([{ code, field: ['keyId'] }]);
    }
  });

  it('are shown to the company alone, and never their private halves', async () => {
    const { errors } = await service.query(
      productViewer(randomUUID(), { scopes: ['licenses:read'] }),
      keysDocument,
    );
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
    expect((await publishedKeys()).every((published) => !('d' in published))).toBe(true);
  });
});

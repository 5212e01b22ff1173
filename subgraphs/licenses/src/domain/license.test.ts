import { localDate } from '@fulfillment/kernel/domain/calendar';
import { expect, test } from 'vitest';
import {
  suspensionFrom,
  utcMidnight,
  type AgreedSubscription,
  type VersionCause,
} from './agreed-subscription.js';
import { licenseFor, licenseId, type LicenseCause } from './license.js';

const issuedAt = new Date('2026-11-23T10:00:00Z');
const subscription: AgreedSubscription = {
  id: '0b9d7a52-9d53-4c51-8df0-24f7a7f7c001',
  version: 1,
  accountId: 'account',
  deploymentId: 'deployment',
  cause: 'ORDER',
  trial: false,
  startsOn: localDate('2026-11-23'),
  endsOn: localDate('2027-11-23'),
  holdsFrom: utcMidnight(localDate('2026-11-23')),
  heldSince: null,
  suspension: null,
  items: [{ productCode: 'PREMIUM', productKind: 'PLAN', quantity: 10, pricePeriod: 'MONTH' }],
  boughtOnce: [],
  recordedAt: issuedAt,
};

test('a license proves one version of a subscription', () => {
  expect(licenseFor(subscription, issuedAt)).toEqual({
    id: licenseId(subscription.id, 1),
    subscriptionId: subscription.id,
    subscriptionVersion: 1,
    deploymentId: 'deployment',
    accountId: 'account',
    planCode: 'PREMIUM',
    seats: 10,
    startsOn: '2026-11-23',
    endsOn: '2027-11-23',
    issuedAt,
    cause: 'SUBSCRIPTION_CREATED',
    replacedById: null,
    nextIssueOn: null,
  });
});

test('the same version always makes the same license, another version another one', () => {
  expect(licenseId(subscription.id, 1)).toBe(licenseId(subscription.id, 1));
  expect(licenseId(subscription.id, 2)).not.toBe(licenseId(subscription.id, 1));
});

test.each<[version: number, cause: VersionCause, license: LicenseCause]>([
  [1, 'ORDER', 'SUBSCRIPTION_CREATED'],
  [2, 'ORDER', 'SUBSCRIPTION_CHANGED'],
  [2, 'AUTO_RENEWAL', 'SUBSCRIPTION_RENEWED'],
  [2, 'RECONCILIATION', 'SUBSCRIPTION_CHANGED'],
  [2, 'DUNNING', 'SUBSCRIPTION_CHANGED'],
  [3, 'TRIAL_END', 'SUBSCRIPTION_CHANGED'],
])('version %i by %s: %s', (version, cause, expected) => {
  expect(licenseFor({ ...subscription, version, cause }, issuedAt).cause).toBe(expected);
});

test.each<VersionCause>(['ORDER', 'DUNNING'])('suspended by %s: the free plan from that day on', (cause) => {
  const suspension = suspensionFrom(localDate('2027-02-01'), 'UTC');
  expect(licenseFor({ ...subscription, version: 2, cause, suspension }, issuedAt)).toMatchObject({
    planCode: 'FREE',
    seats: 0,
    startsOn: '2027-02-01',
    endsOn: '2027-11-23',
    cause: 'SUBSCRIPTION_SUSPENDED',
  });
});

test('what was canceled before it began is never valid', () => {
  const license = licenseFor({ ...subscription, endsOn: localDate('2026-11-01') }, issuedAt);
  expect([license.startsOn, license.endsOn]).toEqual(['2026-11-23', '2026-11-23']);
});

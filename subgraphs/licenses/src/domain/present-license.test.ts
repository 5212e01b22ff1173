import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, it } from 'vitest';
import type { License } from './license.js';
import { presentLicenses } from './present-license.js';

function license(version: number, startsOn: string, endsOn: string): License {
  return {
    id: `${version}:${startsOn}`,
    subscriptionId: 'subscription',
    subscriptionVersion: version,
    deploymentId: 'deployment',
    accountId: 'account',
    planCode: 'PREMIUM',
    seats: 10,
    startsOn: localDate(startsOn),
    endsOn: localDate(endsOn),
    issuedAt: new Date('2026-01-01T00:00:00Z'),
    cause: 'SUBSCRIPTION_CREATED',
    replacedById: null,
    nextIssueOn: null,
  };
}

const years = [license(1, '2026-01-01', '2027-01-01'), license(1, '2027-01-01', '2028-01-01')];
const renewal = [license(1, '2026-01-01', '2027-01-01'), license(2, '2027-01-01', '2028-01-01')];
const canceled = [license(1, '2027-01-01', '2028-01-01'), license(2, '2027-01-01', '2027-01-01')];

describe('the present license, and the one after it', () => {
  it.each<[string, License[], string, string | null, string | null]>([
    ['in the first year', years, '2026-12-31T23:59:59Z', '1:2026-01-01', '1:2027-01-01'],
    ['from the first second of the second year', years, '2027-01-01T00:00:00Z', '1:2027-01-01', null],
    ['before the term', years, '2025-12-31T23:59:59Z', null, '1:2026-01-01'],
    ['after the term, in grace', years, '2028-01-03T00:00:00Z', '1:2027-01-01', null],
    ['renewed some hours before the end', renewal, '2026-12-31T15:00:00Z', '1:2026-01-01', '2:2027-01-01'],
    ['when the renewed term has begun', renewal, '2027-01-01T00:00:00Z', '2:2027-01-01', null],
    ['canceled before it began', canceled, '2026-12-01T00:00:00Z', null, null],
    ['canceled before it began, on its day', canceled, '2027-01-01T00:00:00Z', '2:2027-01-01', null],
    ['none at all', [], '2027-01-01T00:00:00Z', null, null],
  ])('%s', (_, licenses, at, present, next) => {
    const found = presentLicenses(licenses, new Date(at));
    expect([found.present?.id ?? null, found.next?.id ?? null]).toEqual([present, next]);
  });

  it('is that of a changed version at once, whatever the order in which they come', () => {
    const changed = [...years, license(2, '2026-01-01', '2027-01-01')];
    for (const licenses of [changed, changed.toReversed()]) {
      expect(presentLicenses(licenses, new Date('2026-06-01T00:00:00Z')).present?.id).toBe('2:2026-01-01');
    }
  });
});

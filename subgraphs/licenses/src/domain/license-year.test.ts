import { addDays, addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcMidnight, type AgreedSubscription } from './agreed-subscription.js';
import { followingLicense, licenseFor, type License } from './license.js';
import { licenseYear, nextIssueOn, reissueDaysBefore } from './license-year.js';

const term = { startsOn: localDate('2024-02-29'), endsOn: localDate('2027-02-28') };

describe('the year of a term that a day lies in', () => {
  it.each([
    ['its first day', '2024-02-29', '2024-02-29', '2025-02-28'],
    ['the last day of the first year', '2025-02-27', '2024-02-29', '2025-02-28'],
    ['the first day of the second', '2025-02-28', '2025-02-28', '2026-02-28'],
    ['the last day of all', '2027-02-27', '2026-02-28', '2027-02-28'],
    ['a day before it', '2023-01-01', '2024-02-29', '2025-02-28'],
    ['a day after it', '2030-01-01', '2026-02-28', '2027-02-28'],
  ])('%s', (_, day, startsOn, endsOn) => {
    expect(licenseYear(term, localDate(day))).toEqual({ startsOn, endsOn });
  });

  it('is shorter where the term ends within it', () => {
    const eighteen = { startsOn: localDate('2026-01-01'), endsOn: localDate('2027-07-01') };
    expect(licenseYear(eighteen, localDate('2027-03-01'))).toEqual({
      startsOn: '2027-01-01',
      endsOn: '2027-07-01',
    });
  });
});

describe('licenses of a term', () => {
  const anyDay = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays(localDate('2000-01-01'), days));
  const anyTerm = fc
    .tuple(anyDay, fc.integer({ min: 1, max: 84 }))
    .map(([startsOn, months]) => ({ startsOn, endsOn: addMonths(startsOn, months) }));

  it('follow each other without a gap from the first to the end of the term, each issued before the last one ends', () => {
    fc.assert(
      fc.property(anyTerm, (term) => {
        const subscription = agreed(term);
        let license: License = licenseFor(subscription, utcMidnight(term.startsOn));
        expect(license.startsOn).toBe(term.startsOn);
        for (let due = license.nextIssueOn; due !== null; due = license.nextIssueOn) {
          expect(addDays(due, reissueDaysBefore)).toBe(license.endsOn);
          const next = followingLicense(subscription, license, utcMidnight(due));
          expect(next).toMatchObject({ startsOn: license.endsOn, cause: 'YEARLY_REISSUE' });
          license = next ?? license;
        }
        expect(license.endsOn).toBe(term.endsOn);
        expect(followingLicense(subscription, license, utcMidnight(term.endsOn))).toBeNull();
      }),
    );
  });

  it('last a year at the most, and contain the day on which the first of a version was issued', () => {
    fc.assert(
      fc.property(anyTerm, fc.nat(3_000), (term, after) => {
        const day = addDays(term.startsOn, after);
        const { startsOn, endsOn } = licenseFor(agreed(term), utcMidnight(day));
        expect(endsOn <= addDays(startsOn, 366)).toBe(true);
        if (day < term.endsOn) expect(startsOn <= day && day < endsOn).toBe(true);
      }),
    );
  });

  it('are not made of another version of the subscription', () => {
    const subscription = agreed({ startsOn: localDate('2026-01-01'), endsOn: localDate('2029-01-01') });
    const license = licenseFor(subscription, utcMidnight(subscription.startsOn));
    expect(followingLicense({ ...subscription, version: 2 }, license, license.issuedAt)).toBeNull();
    expect(nextIssueOn(subscription, license.endsOn)).toBe('2026-11-27');
  });
});

function agreed(term: Pick<AgreedSubscription, 'startsOn' | 'endsOn'>): AgreedSubscription {
  return {
    id: '0b9d7a52-9d53-4c51-8df0-24f7a7f7c002',
    version: 1,
    accountId: 'account',
    deploymentId: 'deployment',
    cause: 'ORDER',
    trial: false,
    holdsFrom: utcMidnight(term.startsOn),
    heldSince: null,
    suspension: null,
    items: [{ productCode: 'PREMIUM', productKind: 'PLAN', quantity: 10, pricePeriod: 'YEAR' }],
    boughtOnce: [],
    recordedAt: utcMidnight(term.startsOn),
    ...term,
  };
}

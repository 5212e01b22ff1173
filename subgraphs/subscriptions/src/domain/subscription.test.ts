import { exampleAgreement, exampleItem } from '@fulfillment/kernel/domain/agreement/example';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import {
  headOf,
  heldSinceOf,
  isBackdated,
  isPartnerSale,
  nextVersion,
  planOfVersion,
  subscriptionNumber,
  type SubscriptionVersion,
  versionAsOf,
} from './subscription.js';

function version(number: number, effectiveOn: string, recordedAt: string): SubscriptionVersion {
  return {
    version: number,
    cause: 'ORDER',
    orderId: `order-${number}`,
    recordedBy: 'person',
    recordedAt: new Date(recordedAt),
    effectiveOn: localDate(effectiveOn),
    accountId: 'customer',
    invoiceOwnerAccountId: 'customer',
    partnerOfRecordId: null,
    distributorId: null,
    billingTimeZone: 'America/Los_Angeles',
    agreement: exampleAgreement('2026-01-01', { items: [exampleItem({ quantity: number })] }),
  };
}

/** Made in January, changed in March, and in May dated back to February: from February on the third one holds. */
const history = [
  version(1, '2026-01-01', '2026-01-01T12:00:00Z'),
  version(2, '2026-03-01', '2026-03-01T12:00:00Z'),
  version(3, '2026-02-01', '2026-05-01T12:00:00Z'),
];

describe('what held on a day, as it was known at an instant', () => {
  test.each<[string, string, string | null, number | null]>([
    ['the day before it began', '2025-12-31', null, null],
    ['its first day', '2026-01-01', null, 1],
    ['before anything was known', '2026-01-01', '2026-01-01T11:59:59Z', null],
    ['as soon as it was known', '2026-01-01', '2026-01-01T12:00:00Z', 1],
    ['January, as it is known now', '2026-01-31', null, 1],
    ['February, as it was known in February', '2026-02-10', '2026-02-10T00:00:00Z', 1],
    ['February, as it was known in April', '2026-02-10', '2026-04-01T00:00:00Z', 1],
    ['February, as it is known now', '2026-02-10', null, 3],
    ['March, as it was known in April', '2026-03-10', '2026-04-01T00:00:00Z', 2],
    ['March, as it is known now: what was dated back holds from its day on', '2026-03-10', null, 3],
    ['March, right before the change was known', '2026-03-10', '2026-05-01T11:59:59Z', 2],
    ['March, right when it was known', '2026-03-10', '2026-05-01T12:00:00Z', 3],
    ['a day in the future', '2030-01-01', null, 3],
    ['a day in the future, as it was known in January', '2030-01-01', '2026-01-31T00:00:00Z', 1],
  ])('%s: %s, known at %s', (_, effectiveOn, known, expected) => {
    const recordedBy = known === null ? null : new Date(known);
    const found = versionAsOf(history.toReversed(), localDate(effectiveOn), recordedBy);
    expect(found?.version ?? null).toBe(expected);
  });
});

describe('since when the account of the newest version has it', () => {
  const of = (number: number, effectiveOn: string, accountId: string) => {
    return { ...version(number, effectiveOn, `${effectiveOn}T12:00:00Z`), accountId };
  };
  test.each<[string, [accountId: string, effectiveOn: string][], string]>([
    ['from its first day on', [['one', '2026-01-01']], '2026-01-01'],
    [
      'whatever it changed since',
      [
        ['one', '2026-01-01'],
        ['one', '2026-05-01'],
      ],
      '2026-01-01',
    ],
    [
      'from the day on which it came from another one',
      [
        ['one', '2026-01-01'],
        ['two', '2026-05-01'],
      ],
      '2026-05-01',
    ],
    [
      'from then on, whatever it changed since',
      [
        ['one', '2026-01-01'],
        ['two', '2026-05-01'],
        ['two', '2026-06-01'],
      ],
      '2026-05-01',
    ],
    [
      'from an earlier day, to which a change was dated back',
      [
        ['one', '2026-01-01'],
        ['two', '2026-05-01'],
        ['two', '2026-04-01'],
      ],
      '2026-04-01',
    ],
    [
      'from the day on which it came back',
      [
        ['one', '2026-01-01'],
        ['two', '2026-05-01'],
        ['one', '2026-06-01'],
      ],
      '2026-06-01',
    ],
  ])('%s', (_, steps, expected) => {
    const [first, ...others] = steps.map(([accountId, on], index) => of(index + 1, on, accountId));
    if (first === undefined) throw new Error('There is a first version');
    expect(heldSinceOf([first, ...others])).toBe(expected);
  });
});

describe('a change that was dated back', () => {
  test.each<[string, string, string, boolean]>([
    ['recorded on its day', '2026-03-01', '2026-03-01T12:00:00Z', false],
    ['recorded on its day, when it is the next one in UTC', '2026-03-01', '2026-03-02T07:59:59Z', false],
    ['recorded on the next day', '2026-03-01', '2026-03-02T08:00:00Z', true],
    ['recorded before its day', '2026-03-01', '2026-02-01T12:00:00Z', false],
  ])('%s', (_, effectiveOn, recordedAt, expected) => {
    expect(isBackdated(version(2, effectiveOn, recordedAt))).toBe(expected);
  });
});

test('the head is the version with the highest number, in whatever order they come', () => {
  expect(headOf(history.toReversed()).version).toBe(3);
  expect(() => headOf([])).toThrow(RangeError);
});

test('the next version keeps whose it is unless it says otherwise', () => {
  const [first] = history;
  if (first === undefined) throw new Error('There is a first one');
  const origin = {
    cause: 'DUNNING',
    orderId: null,
    recordedBy: 'system',
    recordedAt: new Date('2026-06-01T00:00:00Z'),
    effectiveOn: localDate('2026-06-01'),
  } as const;
  const agreement = exampleAgreement('2026-01-01');
  expect(nextVersion(first, origin, agreement)).toEqual({ ...first, ...origin, version: 2, agreement });
  const given = nextVersion(first, origin, agreement, { accountId: 'other' });
  expect([given.accountId, given.invoiceOwnerAccountId]).toEqual(['other', 'customer']);
  expect([isPartnerSale(first), isPartnerSale(given)]).toEqual([false, true]);
});

test('a version knows its plan, and a subscription has a number for people', () => {
  expect(history.map((one) => planOfVersion(one).quantity)).toEqual([1, 2, 3]);
  expect(subscriptionNumber(1_234n)).toBe('S-00001234');
  expect(subscriptionNumber(1_234_567_890n)).toBe('S-1234567890');
});

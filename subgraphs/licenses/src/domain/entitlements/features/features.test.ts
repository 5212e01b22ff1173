import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import type { FeatureUse } from '../../usage.js';
import type { FeatureGrant } from './feature-kind.js';
import { mergeFeature } from './index.js';
import { mergeLimit } from './limit.js';
import { mergeMeteredAllowance, monthStart } from './metered-allowance.js';
import { mergeOnOff } from './on-off.js';

const at = new Date('2026-04-20T12:00:00Z');

function grant(quantity: number | null, units = 1, oneTime = false): FeatureGrant {
  return { source: 'SOURCE', name: 'A feature', quantity, units, oneTime };
}

function use(used: number, month: string, packsUsedBefore = 0): FeatureUse {
  return { featureKey: 'key', used, monthStart: localDate(`${month}-01`), packsUsedBefore };
}

test('ON_OFF: one product is enough', () => {
  expect(mergeOnOff([grant(null), grant(null)], null, at)).toEqual({ kind: 'ON_OFF', enabled: true });
});

describe('LIMIT', () => {
  test.each<[why: string, grants: FeatureGrant[], limit: number | null]>([
    ['the plan alone', [grant(10)], 10],
    ['the plan and every unit of an add-on', [grant(10), grant(10, 3)], 40],
    ['two add-ons', [grant(10), grant(10, 1), grant(5, 2)], 30],
    ['an add-on alone', [grant(10, 2)], 20],
    ['a plan without a limit', [grant(null), grant(10, 3)], null],
    ['an add-on that lifts the limit', [grant(10), grant(null, 1)], null],
  ])('%s', (_why, grants, limit) => {
    expect(mergeLimit(grants, null, at)).toEqual({ kind: 'LIMIT', limit, used: 0 });
  });

  test('use is what is in use now, whenever it was counted', () => {
    expect(mergeLimit([grant(10)], use(12, '2025-01'), at)).toMatchObject({ limit: 10, used: 12 });
  });
});

describe('METERED_ALLOWANCE', () => {
  const quota = grant(10_000);
  const pack = grant(1_000, 5, true);
  test.each<
    [
      why: string,
      grants: FeatureGrant[],
      used: FeatureUse | null,
      at: string,
      expected: [allowance: number, used: number, remaining: number],
    ]
  >([
    ['never used', [quota], null, '2026-04-20', [10_000, 0, 10_000]],
    ['used in part', [quota], use(4_000, '2026-04'), '2026-04-20', [10_000, 4_000, 6_000]],
    ['used up and beyond', [quota], use(12_000, '2026-04'), '2026-04-20', [10_000, 12_000, 0]],
    [
      'the quota is filled again with the month',
      [quota],
      use(9_999, '2026-03'),
      '2026-04-01',
      [10_000, 0, 10_000],
    ],
    [
      'what is agreed by the month adds to the quota',
      [quota, grant(500, 4)],
      null,
      '2026-04-20',
      [12_000, 0, 12_000],
    ],
    // Case A6: 10,000 a month and 5,000 bought on 1 April; 13,000 used in April.
    ['with a pack', [quota, pack], use(13_000, '2026-04'), '2026-04-30', [15_000, 13_000, 2_000]],
    [
      'the pack carries over, the quota does not',
      [quota, pack],
      use(13_000, '2026-04'),
      '2026-05-01',
      [12_000, 0, 12_000],
    ],
    [
      'and again, with nothing used in between',
      [quota, pack],
      use(13_000, '2026-04'),
      '2026-09-01',
      [12_000, 0, 12_000],
    ],
    [
      'and again, with use in between',
      [quota, pack],
      use(11_500, '2026-05', 3_000),
      '2026-06-01',
      [10_500, 0, 10_500],
    ],
    ['a pack that was used up', [quota, pack], use(1, '2026-05', 5_000), '2026-05-02', [10_000, 1, 9_999]],
    [
      'use beyond quota and packs takes nothing from the next month',
      [quota, pack],
      use(99_000, '2026-04'),
      '2026-05-01',
      [10_000, 0, 10_000],
    ],
    ['a pack alone', [pack], use(1_200, '2026-04'), '2026-05-01', [3_800, 0, 3_800]],
    ['a product that names no quantity brings nothing', [grant(null)], null, '2026-04-20', [0, 0, 0]],
  ])('%s', (_why, grants, used, day, [allowance, usedNow, remaining]) => {
    const facts = mergeMeteredAllowance(grants, used, new Date(`${day}T00:00:00Z`));
    expect(facts).toMatchObject({ allowance, used: usedNow, remaining });
  });

  test.each([
    ['2026-04-01T00:00:00.000Z', '2026-05-01'],
    ['2026-04-30T23:59:59.999Z', '2026-05-01'],
    ['2026-12-31T23:59:59.999Z', '2027-01-01'],
    ['2028-02-29T10:00:00.000Z', '2028-03-01'],
  ])('at %s it is filled again on %s', (instant, resetsOn) => {
    expect(mergeMeteredAllowance([quota], null, new Date(instant)).resetsOn).toBe(resetsOn);
  });

  test('a month begins at 00:00 UTC', () => {
    expect(monthStart(new Date('2026-04-30T23:59:59.999Z'))).toBe('2026-04-01');
    expect(monthStart(new Date('2026-05-01T00:00:00.000Z'))).toBe('2026-05-01');
  });
});

test('a feature is named by the first product that unlocks it', () => {
  const plan = { ...grant(10), source: 'PREMIUM', name: 'Projects' };
  const addOn = { ...grant(5), source: 'MORE_PROJECTS', name: 'More projects' };
  expect(mergeFeature('projects', 'LIMIT', [plan, addOn], null, at)).toEqual({
    key: 'projects',
    name: 'Projects',
    source: 'PREMIUM',
    kind: 'LIMIT',
    limit: 15,
    used: 0,
  });
});

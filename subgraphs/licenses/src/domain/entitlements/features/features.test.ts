import { describe, expect, test } from 'vitest';
import { monthStart, utcStart } from '../../allowance/ledger.js';
import type { MeterReading } from '../../allowance/readings.js';
import type { FeatureReports, FeatureSource } from './feature-kind.js';
import { mergeFeature } from './index.js';
import { mergeLimit } from './limit.js';
import { mergeMeteredAllowance } from './metered-allowance.js';
import { mergeOnOff } from './on-off.js';

const at = new Date('2026-04-20T12:00:00Z');

function source(quantity: number | null, units = 1, more: Partial<FeatureSource> = {}): FeatureSource {
  return {
    kind: 'PLAN',
    code: 'SOURCE',
    name: 'A product',
    featureName: 'A feature',
    quantity,
    units,
    enabled: true,
    once: null,
    overageAllowed: false,
    from: null,
    until: null,
    reason: null,
    ...more,
  };
}

const nothing: FeatureReports = { used: 0, observedAt: null, readings: [] };

/** What a meter had counted in a month, with the quota of then. */
function reading(month: string, total: number, quota: number | null = null): MeterReading {
  const from = new Date(`${month}-01T00:00:00Z`);
  return { source: 'runners', month: monthStart(from), from, measuredAt: from, total, quota };
}

test('ON_OFF: one product is enough', () => {
  expect(mergeOnOff([source(null), source(null)], nothing, at)).toMatchObject({
    kind: 'ON_OFF',
    enabled: true,
    sources: [{ applies: true }, { applies: true }],
  });
});

describe('LIMIT', () => {
  test.each<[why: string, sources: FeatureSource[], limit: number | null]>([
    ['the plan alone', [source(10)], 10],
    ['the plan and every unit of an add-on', [source(10), source(10, 3)], 40],
    ['two add-ons', [source(10), source(10, 1), source(5, 2)], 30],
    ['an add-on alone', [source(10, 2)], 20],
    ['a plan without a limit', [source(null), source(10, 3)], null],
    ['an add-on that lifts the limit', [source(10), source(null, 1)], null],
    [
      'an override, whatever else there is',
      [source(7, 1, { kind: 'OVERRIDE' }), source(null), source(10)],
      7,
    ],
  ])('%s', (_why, sources, limit) => {
    expect(mergeLimit(sources, nothing, at)).toMatchObject({ kind: 'LIMIT', limit, used: 0 });
  });

  test('use is what is in use now', () => {
    const reports = { used: 12, observedAt: at, readings: [] };
    expect(mergeLimit([source(10)], reports, at)).toMatchObject({ limit: 10, used: 12, observedAt: at });
  });
});

describe('METERED_ALLOWANCE', () => {
  const quota = source(10_000);
  const pack = source(1_000, 5, {
    kind: 'ADD_ON',
    once: { id: 'pack', priority: 100, rolloverCap: null },
    from: new Date('2026-03-01T00:00:00Z'),
  });
  test.each<
    [
      why: string,
      sources: FeatureSource[],
      readings: MeterReading[],
      at: string,
      expected: [allowance: number, used: number, remaining: number],
    ]
  >([
    ['never used', [quota], [], '2026-04-20', [10_000, 0, 10_000]],
    ['used in part', [quota], [reading('2026-04', 4_000)], '2026-04-20', [10_000, 4_000, 6_000]],
    ['used up and beyond', [quota], [reading('2026-04', 12_000)], '2026-04-20', [10_000, 12_000, 0]],
    [
      'the quota is filled again with the month',
      [quota],
      [reading('2026-03', 9_999)],
      '2026-04-01',
      [10_000, 0, 10_000],
    ],
    [
      'what is agreed by the month adds to the quota',
      [quota, source(500, 4)],
      [],
      '2026-04-20',
      [12_000, 0, 12_000],
    ],
    // Case A6: 10,000 a month and 5,000 bought on 1 April; 13,000 used in April.
    ['A6: with a pack', [quota, pack], [reading('2026-04', 13_000)], '2026-04-30', [15_000, 13_000, 2_000]],
    [
      'A6: the pack carries over, the quota does not',
      [quota, pack],
      [reading('2026-04', 13_000)],
      '2026-05-01',
      [12_000, 0, 12_000],
    ],
    [
      'and again, with nothing used in between',
      [quota, pack],
      [reading('2026-04', 13_000)],
      '2026-09-01',
      [12_000, 0, 12_000],
    ],
    [
      'and again, with use in between',
      [quota, pack],
      [reading('2026-04', 13_000), reading('2026-05', 11_500)],
      '2026-06-01',
      [10_500, 0, 10_500],
    ],
    [
      'a pack that was used up',
      [quota, pack],
      [reading('2026-04', 15_000), reading('2026-05', 1)],
      '2026-05-02',
      [10_000, 1, 9_999],
    ],
    [
      'use beyond quota and packs takes nothing from the next month',
      [quota, pack],
      [reading('2026-04', 99_000)],
      '2026-05-01',
      [10_000, 0, 10_000],
    ],
    [
      'a month counts with its own quota',
      [quota, pack],
      [reading('2026-04', 13_000, 12_000)],
      '2026-05-01',
      [14_000, 0, 14_000],
    ],
    ['a pack alone', [pack], [reading('2026-04', 1_200)], '2026-05-01', [3_800, 0, 3_800]],
    ['a product that names no quantity brings nothing', [source(null)], [], '2026-04-20', [0, 0, 0]],
  ])('%s', (_why, sources, readings, day, [allowance, usedNow, remaining]) => {
    const facts = mergeMeteredAllowance(sources, { ...nothing, readings }, new Date(`${day}T00:00:00Z`));
    // What goes beyond is overage, and no part of the allowance.
    expect(facts).toMatchObject({
      allowance,
      used: usedNow,
      remaining,
      overage: Math.max(0, usedNow - allowance),
    });
  });

  test('meters add up', () => {
    const readings = [reading('2026-04', 100), { ...reading('2026-04', 50), source: 'others' }];
    expect(mergeMeteredAllowance([quota], { ...nothing, readings }, at)).toMatchObject({ used: 150 });
  });

  test.each([
    ['2026-04-01T00:00:00.000Z', '2026-05-01'],
    ['2026-04-30T23:59:59.999Z', '2026-05-01'],
    ['2026-12-31T23:59:59.999Z', '2027-01-01'],
    ['2028-02-29T10:00:00.000Z', '2028-03-01'],
  ])('at %s it is filled again on %s', (instant, resetsOn) => {
    expect(mergeMeteredAllowance([quota], nothing, new Date(instant)).resetsOn).toBe(resetsOn);
  });

  test('a month begins at 00:00 UTC', () => {
    expect(monthStart(new Date('2026-04-30T23:59:59.999Z'))).toBe('2026-04-01');
    expect(monthStart(utcStart(monthStart(new Date('2026-05-01T00:00:00.000Z'))))).toBe('2026-05-01');
  });
});

test('a feature is named by the first product that unlocks it', () => {
  const plan = source(10, 1, { code: 'PREMIUM', featureName: 'Projects' });
  const addOn = source(5, 1, { kind: 'ADD_ON', code: 'MORE_PROJECTS', featureName: 'More projects' });
  const granted = source(1, 1, { kind: 'GRANT', code: 'grant', featureName: 'Granted projects' });
  expect(mergeFeature('projects', 'LIMIT', [plan, addOn], nothing, at)).toMatchObject({
    key: 'projects',
    name: 'Projects',
    source: 'PREMIUM',
    limit: 15,
  });
  expect(mergeFeature('projects', 'LIMIT', [granted], nothing, at)).toMatchObject({
    name: 'Granted projects',
    source: 'GRANT',
    limit: 1,
  });
});

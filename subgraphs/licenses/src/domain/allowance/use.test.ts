import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import type { MeteredAllowanceFacts } from '../entitlements/features/metered-allowance.js';
import { utcStart } from './ledger.js';
import { consumption, ownMeter, reachedThresholds, reported } from './use.js';
import type { UsedAllowance } from './used-allowance.js';

const at = new Date('2026-06-15T12:00:00Z');
const june = localDate('2026-06-01');

function facts(more: Partial<MeteredAllowanceFacts> = {}): MeteredAllowanceFacts {
  return {
    kind: 'METERED_ALLOWANCE',
    quota: 100,
    allowance: 100,
    used: 0,
    remaining: 100,
    overage: 0,
    overageAllowed: false,
    resetsOn: localDate('2026-07-01'),
    ...more,
  };
}

function used(more: Partial<UsedAllowance> = {}): UsedAllowance {
  return {
    name: 'Compute minutes',
    facts: facts(),
    isGone: false,
    readings: [],
    ends: [],
    quotaAt: () => 'UNKNOWN',
    ...more,
  };
}

const counted = (total: number, source = ownMeter) => ({
  source,
  month: june,
  from: utcStart(june),
  measuredAt: new Date('2026-06-10T00:00:00Z'),
  total,
  quota: 100,
});

describe('consumption', () => {
  test('all that is left may be used, and one more not', () => {
    expect(consumption(used(), 100, at)).toMatchObject({ ok: true, value: { total: 100, quota: 100 } });
    expect(consumption(used(), 101, at)).toMatchObject({
      ok: false,
      error: { code: 'ALLOWANCE_EXCEEDED', field: ['amount'] },
    });
  });
  test('a plan may let it be exceeded', () => {
    expect(consumption(used({ facts: facts({ overageAllowed: true }) }), 101, at).ok).toBe(true);
  });
  test('the own meter goes on counting, in the part of the month that it is in', () => {
    const ends = [new Date('2026-06-12T00:00:00Z')];
    const readings = [counted(30), counted(99, 'runners')];
    expect(consumption(used({ readings, ends }), 5, at)).toMatchObject({
      value: { source: ownMeter, total: 35, from: ends[0], month: june },
    });
  });
});

describe('reported', () => {
  const report = (measuredAt: string, total: number) => ({
    source: 'runners',
    measuredAt: new Date(measuredAt),
    used: total,
  });
  test.each<[why: string, measuredAt: string, total: number, code: string | null]>([
    ['now', '2026-06-15T12:00:00Z', 60, null],
    ['ahead', '2026-06-15T12:00:00.001Z', 60, 'INVALID_VALUE'],
    ['90 days ago', '2026-03-17T12:00:00Z', 60, null],
    ['longer ago', '2026-03-17T11:59:59Z', 60, 'INVALID_VALUE'],
    ['less than before', '2026-06-11T00:00:00Z', 49, 'COUNT_GOES_BACK'],
    ['what was said before', '2026-06-10T00:00:00Z', 50, null],
    ['beyond all that there is', '2026-06-15T00:00:00Z', 5_000, null],
  ])('%s', (_why, measuredAt, total, code) => {
    const outcome = reported(used({ readings: [counted(50, 'runners')] }), report(measuredAt, total), at);
    expect(outcome.ok ? null : outcome.error.code).toBe(code);
  });
  test('a thousand meters count in a month, and no more', () => {
    const readings = Array.from({ length: 1_000 }, (_, index) => counted(1, `meter-${index}`));
    const of = (source: string, day = '2026-06-10') =>
      reported(used({ readings }), { ...report(`${day}T00:00:00Z`, 1), source }, at).ok;
    expect([of('meter-0', '2026-06-14'), of('another'), of('another', '2026-05-30')]).toEqual([
      true,
      false,
      true,
    ]);
  });
  test('an earlier month keeps its quota, the present one has the present quota', () => {
    const measuredAt = new Date('2026-05-10T00:00:00Z');
    const may = { ...counted(10, 'runners'), month: localDate('2026-05-01'), measuredAt, quota: 77 };
    const quotaOf = (day: string) => {
      const outcome = reported(
        used({ readings: [may, { ...counted(5), quota: 50 }] }),
        report(day, 10_000),
        at,
      );
      return outcome.ok ? outcome.value.quota : outcome.error;
    };
    expect(quotaOf('2026-05-31T00:00:00Z')).toBe(77);
    expect(quotaOf('2026-06-15T00:00:00Z')).toBe(100);
    expect(quotaOf('2026-04-30T00:00:00Z')).toBe(100);
  });
});

test.each<[allowance: number, used: number, reached: number[]]>([
  [100, 0, []],
  [100, 79, []],
  [100, 80, [80]],
  [100, 99, [80]],
  [100, 100, [80, 100]],
  [3, 2, []],
  [0, 0, []],
  [0, 1, [80, 100]],
])('of %i, %i used reaches %j', (allowance, amount, reached) => {
  expect(reachedThresholds(facts({ allowance, used: amount }))).toEqual(reached);
});

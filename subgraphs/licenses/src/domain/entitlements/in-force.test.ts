import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { suspensionFrom, utcMidnight, type AgreedSubscription } from '../agreed-subscription.js';
import { inForceAt, standingAt, type Standing } from './in-force.js';

function agreed(id: string, startsOn: string, endsOn: string): AgreedSubscription {
  return {
    id,
    version: 1,
    accountId: 'account',
    deploymentId: 'deployment',
    cause: 'ORDER',
    trial: false,
    startsOn: localDate(startsOn),
    endsOn: localDate(endsOn),
    holdsFrom: utcMidnight(localDate(startsOn)),
    heldSince: null,
    suspension: null,
    items: [],
    boughtOnce: [],
    recordedAt: new Date('2026-01-01T00:00:00Z'),
  };
}

function suspended(subscription: AgreedSubscription, on: string, timeZone = 'UTC'): AgreedSubscription {
  return { ...subscription, suspension: suspensionFrom(localDate(on), timeZone) };
}

describe('standingAt', () => {
  const year = agreed('year', '2024-01-01', '2025-01-01');
  test.each<[at: string, standing: Standing]>([
    ['2023-12-31T23:59:59.999Z', 'FUTURE'],
    ['2024-01-01T00:00:00.000Z', 'ACTIVE'],
    // Case A8: valid through the last second of the day before its end.
    ['2024-12-31T23:59:59.999Z', 'ACTIVE'],
    ['2025-01-01T00:00:00.000Z', 'GRACE'],
    ['2025-01-14T23:59:59.999Z', 'GRACE'],
    ['2025-01-15T00:00:00.000Z', 'ENDED'],
  ])('at %s: %s', (at, standing) => {
    expect(standingAt(year, new Date(at))).toBe(standing);
  });

  test.each<[zone: string, at: string, standing: Standing]>([
    ['UTC', '2023-12-31T23:59:59.999Z', 'FUTURE'],
    ['UTC', '2024-05-31T23:59:59.999Z', 'ACTIVE'],
    ['UTC', '2024-06-01T00:00:00.000Z', 'SUSPENDED'],
    ['America/New_York', '2024-06-01T03:59:59.999Z', 'ACTIVE'],
    ['America/New_York', '2024-06-01T04:00:00.000Z', 'SUSPENDED'],
    ['UTC', '2024-12-31T23:59:59.999Z', 'SUSPENDED'],
    // It lapses: no grace.
    ['UTC', '2025-01-01T00:00:00.000Z', 'ENDED'],
  ])('suspended on 2024-06-01 in %s, at %s: %s', (zone, at, standing) => {
    expect(standingAt(suspended(year, '2024-06-01', zone), new Date(at))).toBe(standing);
  });

  test('what ended before it began was never in force and has no grace', () => {
    const canceled = agreed('canceled', '2024-06-01', '2024-06-01');
    expect(standingAt(canceled, new Date('2024-06-01T12:00:00Z'))).toBe('ENDED');
  });
});

describe('inForceAt', () => {
  const former = agreed('a', '2023-01-01', '2024-01-01');
  const current = agreed('b', '2024-01-05', '2025-01-05');
  const upgrade = agreed('c', '2024-03-01', '2025-03-01');
  const twin = agreed('d', '2024-03-01', '2025-03-01');
  const future = agreed('e', '2030-01-01', '2031-01-01');
  test.each<[why: string, of: AgreedSubscription[], at: string, id: string | null]>([
    ['nothing was ever agreed', [], '2024-02-01', null],
    ['only a future one', [future], '2024-02-01', null],
    ['the former one is in grace', [former, current], '2024-01-04', 'a'],
    ['an active one before one in grace', [former, current], '2024-01-05', 'b'],
    ['whatever the order', [current, former], '2024-01-05', 'b'],
    ['of two active ones the latest start', [upgrade, former, current], '2024-03-01', 'c'],
    ['of two in grace the latest start', [current, upgrade], '2025-03-10', 'c'],
    [
      'an active one that started earlier before one in grace',
      [agreed('z', '2022-01-01', '2026-01-01'), former],
      '2024-01-03',
      'z',
    ],
    ['equal starts: always the same', [upgrade, twin], '2024-03-01', 'd'],
    ['equal starts: always the same', [twin, upgrade], '2024-03-01', 'd'],
    ['a suspended one before one in grace', [former, suspended(current, '2024-01-06')], '2024-01-07', 'b'],
    [
      'an active one before a suspended one that started later',
      [current, suspended(upgrade, '2024-03-02')],
      '2024-03-03',
      'b',
    ],
    ['all are over', [former, current, upgrade], '2025-04-01', null],
  ])('%s', (_why, of, at, id) => {
    expect(inForceAt(of, utcMidnight(localDate(at)))?.subscription.id ?? null).toBe(id);
  });
});

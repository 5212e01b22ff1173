import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { isEmpty, newRelationship, overlap } from './customer-relationship.js';

function days(since: string, until: string | null) {
  return newRelationship({
    partnerId: '0b6d2a8e-64cf-4d0c-9d37-1f7e0d7b1a01',
    accountId: '5f0f5a0e-6a3d-4a53-9d35-3c8f1c8d2b22',
    since: localDate(since),
    until: until === null ? null : localDate(until),
  });
}

describe('overlap', () => {
  test.each([
    ['one ends where the next starts', days('2025-01-01', '2026-01-01'), days('2026-01-01', null), false],
    ['a day shared', days('2025-01-01', '2026-01-02'), days('2026-01-01', null), true],
    ['both without an end', days('2025-01-01', null), days('2030-01-01', null), true],
    ['a gap between', days('2025-01-01', '2025-02-01'), days('2025-03-01', '2025-04-01'), false],
  ])('%s', (_, left, right, expected) => {
    expect(overlap(left, right)).toBe(expected);
    expect(overlap(right, left)).toBe(expected);
  });
});

test('a relationship has at least one day', () => {
  expect(isEmpty(days('2025-01-01', '2025-01-01'))).toBe(true);
  expect(isEmpty(days('2025-01-01', '2025-01-02'))).toBe(false);
  expect(isEmpty(days('2025-01-01', null))).toBe(false);
});

test('the same partner, customer and day make the same relationship', () => {
  expect(days('2025-01-01', null).id).toBe(days('2025-01-01', '2026-01-01').id);
  expect(days('2025-01-01', null).id).not.toBe(days('2025-01-02', null).id);
});

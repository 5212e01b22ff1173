import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { closedFault, closingFault, firstOpenDay, monthOf } from './accounting-period.js';

const day = localDate;

describe('a closed month', () => {
  test.each([
    ['2026-10-31', null, '2026-10-31', null],
    ['2026-10-31', '2026-09-30', '2026-10-31', null],
    ['2026-10-31', '2026-10-31', '2026-11-01', 'PERIOD_CLOSED'],
    ['2024-01-15', '2024-02-29', '2024-03-01', 'PERIOD_CLOSED'],
  ])('moves what falls on %s, closed through %s, to %s', (date, closedThrough, open, code) => {
    const through = closedThrough === null ? null : day(closedThrough);
    expect(firstOpenDay(day(date), through)).toBe(open);
    expect(closedFault(day(date), through, ['bookedOn'])?.code ?? null).toBe(code);
  });
});

describe('a month is closed', () => {
  test.each([
    ['after its last day', '2026-11-01', '2026-12-01', null, null],
    ['not on its last day', '2026-11-01', '2026-11-30', null, 'PERIOD_NOT_OVER'],
    ['not at the end of all days', '9999-12-01', '2026-11-30', null, 'PERIOD_NOT_OVER'],
    ['once', '2026-11-01', '2027-01-01', '2026-11-30', 'PERIOD_CLOSED'],
    ['not before one that is closed', '2026-10-01', '2027-01-01', '2026-11-30', 'PERIOD_CLOSED'],
    ['with those before it', '2026-12-01', '2027-01-01', '2026-10-31', null],
  ])('%s', (_, month, today, closedThrough, code) => {
    const through = closedThrough === null ? null : day(closedThrough);
    expect(closingFault(day(month), day(today), through)?.code ?? null).toBe(code);
  });
});

test('a day belongs to the month of its first', () => {
  expect(monthOf(day('2024-02-29'))).toBe('2024-02-01');
});

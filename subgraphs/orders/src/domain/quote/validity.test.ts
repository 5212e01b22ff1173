import { localDate } from '@fulfillment/kernel/domain/calendar';
import { expect, test } from 'vitest';
import { agreeValidity, expiryOf } from './validity.js';

const today = localDate('2026-11-24');
const agree = (validUntil: string | null, effectiveDate: string | null = null) => {
  const agreed = agreeValidity(validUntil === null ? null : localDate(validUntil), {
    today,
    effectiveDate: effectiveDate === null ? null : localDate(effectiveDate),
  });
  return agreed.ok ? agreed.value : agreed.error.code;
};

test.each([
  ['30 days when nobody says', null, null, '2026-12-24'],
  ['tomorrow at the earliest', '2026-11-25', null, '2026-11-25'],
  ['a year at the latest', '2027-11-24', null, '2027-11-24'],
  ['until the day after the one that it is for', '2026-12-02', '2026-12-01', '2026-12-02'],
  ['that day when nobody says', null, '2026-12-01', '2026-12-02'],
  ['30 days when it is for a later day', null, '2027-03-01', '2026-12-24'],
  ['today alone, for today', null, '2026-11-24', '2026-11-25'],
])('is valid: %s', (_, validUntil, effectiveDate, expected) => {
  expect(agree(validUntil, effectiveDate)).toBe(expected);
});

test.each([
  ['today', '2026-11-24', null, 'INVALID_VALUE'],
  ['the past', '2026-11-23', null, 'INVALID_VALUE'],
  ['more than a year', '2027-11-25', null, 'INVALID_VALUE'],
  ['later than an order could be placed', '2026-12-03', '2026-12-01', 'INVALID_VALUE'],
  ['for a day in the past', null, '2026-11-23', 'EFFECTIVE_DATE_INVALID'],
])('is refused: %s', (_, validUntil, effectiveDate, code) => {
  expect(agree(validUntil, effectiveDate)).toBe(code);
});

test.each([
  ['Europe/Berlin', '2026-12-01', '2026-11-30T23:00:00.000Z'],
  ['America/Los_Angeles', '2026-12-01', '2026-12-01T08:00:00.000Z'],
  // Clocks go forward at midnight: the day begins at 01:00.
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'],
])('in %s it expires when %s begins', (zone, day, instant) => {
  expect(expiryOf(localDate(day), zone).toISOString()).toBe(instant);
});

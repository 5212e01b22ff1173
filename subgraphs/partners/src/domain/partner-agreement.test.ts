import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { agreementInForce, refuseAgreements, type PartnerAgreement } from './partner-agreement.js';

function agreement(startDate: string, endDate: string, commissionRatePercent = '8.5'): PartnerAgreement {
  return {
    id: startDate,
    startDate: localDate(startDate),
    endDate: localDate(endDate),
    commissionRatePercent,
  };
}

describe('agreementInForce', () => {
  const agreements = [agreement('2025-01-01', '2026-01-01'), agreement('2026-03-01', '2027-01-01')];

  test.each([
    ['before all', '2024-12-31T23:59:59Z', 'UTC', null],
    ['on the first day', '2025-01-01T00:00:00Z', 'UTC', '2025-01-01'],
    ['on the last day', '2025-12-31T23:59:59Z', 'UTC', '2025-01-01'],
    ['on the day on which it no longer holds', '2026-01-01T00:00:00Z', 'UTC', null],
    ['in the gap', '2026-02-10T12:00:00Z', 'UTC', null],
    ['in the second', '2026-03-01T00:00:00Z', 'UTC', '2026-03-01'],
    ['where it is still last year', '2026-01-01T03:00:00Z', 'America/Los_Angeles', '2025-01-01'],
    ['where it is already March', '2026-02-28T16:00:00Z', 'Asia/Tokyo', '2026-03-01'],
  ])('%s', (_, at, timeZone, id) => {
    expect(agreementInForce(agreements, new Date(at), timeZone)?.id ?? null).toBe(id);
  });
});

describe('refuseAgreements', () => {
  test.each([
    ['none', [], null],
    [
      'one after the other',
      [agreement('2026-01-01', '2027-01-01'), agreement('2025-01-01', '2026-01-01')],
      null,
    ],
    ['a free rate', [agreement('2025-01-01', '2026-01-01', '0')], null],
    ['everything', [agreement('2025-01-01', '2026-01-01', '100.00')], null],
    [
      'a day shared',
      [agreement('2025-01-01', '2026-01-02'), agreement('2026-01-01', '2027-01-01')],
      'AGREEMENTS_OVERLAP',
    ],
    [
      'one within another',
      [agreement('2025-01-01', '2027-01-01'), agreement('2025-06-01', '2025-07-01')],
      'AGREEMENTS_OVERLAP',
    ],
    ['no day', [agreement('2025-01-01', '2025-01-01')], 'AGREEMENT_EMPTY'],
    ['the end first', [agreement('2025-01-02', '2025-01-01')], 'AGREEMENT_EMPTY'],
    ['a negative rate', [agreement('2025-01-01', '2026-01-01', '-1')], 'COMMISSION_RATE_INVALID'],
    ['more than everything', [agreement('2025-01-01', '2026-01-01', '100.01')], 'COMMISSION_RATE_INVALID'],
    ['no number', [agreement('2025-01-01', '2026-01-01', '8,5')], 'COMMISSION_RATE_INVALID'],
  ])('%s', (_, agreements, refusal) => {
    expect(refuseAgreements(agreements)).toBe(refusal);
  });
});

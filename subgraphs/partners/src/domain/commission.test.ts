import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commissionOn, shareOf } from './commission.js';

describe('shareOf', () => {
  test.each([
    [34_800n, 'USD', '8.5', 2_958n],
    [1_000n, 'USD', '7.25', 73n],
    [999n, 'USD', '50', 500n],
    [-999n, 'USD', '50', -500n],
    [1n, 'USD', '49.999999', 0n],
    [500n, 'JPY', '12.5', 63n],
    [100_500n, 'KWD', '10', 10_050n],
    [0n, 'USD', '8.5', 0n],
    [34_800n, 'USD', '0', 0n],
    [34_800n, 'USD', '100.00', 34_800n],
  ] as const)('%s minor units of %s at %s per cent are %s', (base, currency, rate, amount) => {
    expect(shareOf(money(base, currency), rate)).toEqual(money(amount, currency));
  });

  test('is within half a minor unit of the exact share, and a credit mirrors its charge', () => {
    const base = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    const hundredths = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(base, hundredths, (minor, rate) => {
        const text = (rate / 100).toFixed(2);
        const { minor: share } = shareOf(money(minor, 'USD'), text);
        const distance = 2n * (share * 10_000n - minor * BigInt(rate));
        expect(distance <= 10_000n && distance >= -10_000n).toBe(true);
        expect(shareOf(money(-minor, 'USD'), text).minor).toBe(-share);
      }),
    );
  });
});

describe('commissionOn', () => {
  const partner = {
    id: '0b6d2a8e-64cf-4d0c-9d37-1f7e0d7b1a01',
    timeZone: 'Europe/Berlin',
    agreements: [
      {
        id: 'f2a4f7f7-6c2c-4b7a-8a5d-0f3f6d2f9a11',
        startDate: localDate('2026-01-01'),
        endDate: localDate('2027-01-01'),
        commissionRatePercent: '8.5',
      },
    ],
  };
  const posting = {
    invoiceId: '5f0f5a0e-6a3d-4a53-9d35-3c8f1c8d2b22',
    orderId: null,
    net: money(34_800n, 'USD'),
    postedAt: new Date('2026-12-31T22:59:59Z'),
  };

  test('is earned by the agreement of the posting day in the partner’s time zone', () => {
    expect(commissionOn(posting, partner)).toMatchObject({
      partnerId: partner.id,
      invoiceId: posting.invoiceId,
      base: posting.net,
      ratePercent: '8.5',
      amount: money(2_958n, 'USD'),
      earnedAt: posting.postedAt,
    });
    expect(commissionOn({ ...posting, postedAt: new Date('2026-12-31T23:00:00Z') }, partner)).toBeNull();
  });

  test('has one id for one invoice and partner', () => {
    const id = commissionOn(posting, partner)?.id;
    expect(commissionOn({ ...posting, net: money(1n, 'USD') }, partner)?.id).toBe(id);
    expect(commissionOn(posting, { ...partner, id: partner.agreements[0]?.id ?? '' })?.id).not.toBe(id);
  });
});

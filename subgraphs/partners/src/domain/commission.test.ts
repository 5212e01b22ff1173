import { localDate } from '@fulfillment/kernel/domain/calendar';
import { add, money, sum } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Commission, commissionsOn, type InvoicePosting, shareOf } from './commission.js';

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

describe('commissionsOn', () => {
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
    credits: [],
    postedAt: new Date('2026-12-31T22:59:59Z'),
  };

  test('is earned by the agreement of the posting day in the partner’s time zone', () => {
    expect(commissionsOn(posting, partner, [])).toMatchObject([
      {
        partnerId: partner.id,
        invoiceId: posting.invoiceId,
        base: posting.net,
        ratePercent: '8.5',
        amount: money(2_958n, 'USD'),
        earnedAt: posting.postedAt,
      },
    ]);
    expect(commissionsOn({ ...posting, postedAt: new Date('2026-12-31T23:00:00Z') }, partner, [])).toEqual(
      [],
    );
  });

  test('has one id for one invoice and partner', () => {
    const idOf = (one: InvoicePosting, by = partner) => commissionsOn(one, by, [])[0]?.id;
    expect(idOf({ ...posting, net: money(1n, 'USD') })).toBe(idOf(posting));
    expect(idOf(posting, { ...partner, id: partner.agreements[0]?.id ?? '' })).not.toBe(idOf(posting));
  });

  describe('of what is credited', () => {
    const usd = (minor: bigint) => money(minor, 'USD');
    /** A credit memo over a part of the first invoice, posted when another agreement holds, or none. */
    const credit = (index: number, minor: bigint, charges = 0n): InvoicePosting => ({
      ...posting,
      invoiceId: `00000000-0000-4000-8000-00000000000${index}`,
      net: usd(charges - minor),
      credits: [{ invoiceId: posting.invoiceId, net: usd(-minor) }],
    });
    const dearer = {
      ...partner,
      agreements: partner.agreements.map((agreement) => ({ ...agreement, commissionRatePercent: '20' })),
    };
    const earned = commissionsOn(posting, partner, []);
    const inBrief = (commissions: readonly Commission[]) =>
      commissions.map(({ reversesInvoiceId, base, ratePercent, amount }) => [
        reversesInvoiceId === null ? 'earned' : 'taken back',
        base.minor,
        ratePercent,
        amount.minor,
      ]);

    test.each([
      ['the rate at which it was earned, whatever holds now', dearer],
      ['that rate, when nothing is agreed on any more', { ...partner, agreements: [] }],
    ])('is taken back at %s', (_, later) => {
      expect(inBrief(commissionsOn(credit(1, 34_800n), later, earned))).toEqual([
        ['taken back', -34_800n, '8.5', -2_958n],
      ]);
    });

    test('is apart from what the same document charges', () => {
      expect(inBrief(commissionsOn(credit(1, 10_000n, 20_000n), dearer, earned))).toEqual([
        ['earned', 20_000n, '20', 4_000n],
        ['taken back', -10_000n, '8.5', -850n],
      ]);
    });

    test('is nothing when nothing was earned on the invoice', () => {
      expect(commissionsOn(credit(1, 34_800n), partner, [])).toEqual([]);
    });

    test('in parts comes to exactly what was earned, and never to more on the way', () => {
      const total = fc.bigInt({ min: 1n, max: 10n ** 9n });
      const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
      fc.assert(
        fc.property(total, cuts, fc.integer({ min: 0, max: 10_000 }), (minor, places, hundredths) => {
          const rate = (hundredths / 100).toFixed(2);
          const by = {
            ...partner,
            agreements: partner.agreements.map((one) => ({ ...one, commissionRatePercent: rate })),
          };
          const first = commissionsOn({ ...posting, net: usd(minor) }, by, []);
          const ends = [...places.map((place) => BigInt(Math.floor(place * Number(minor)))), minor].toSorted(
            (left, right) => (left < right ? -1 : left > right ? 1 : 0),
          );
          let all = first;
          let before = 0n;
          for (const [index, end] of ends.entries()) {
            all = [...all, ...commissionsOn(credit(index, end - before), dearer, all)];
            before = end;
            const left = sum(
              all.map(({ amount }) => amount),
              'USD',
            );
            expect(left.minor >= 0n).toBe(true);
          }
          expect(
            sum(
              all.map(({ amount }) => amount),
              'USD',
            ),
          ).toEqual(usd(0n));
        }),
      );
    });

    test('is earned again when the credit is taken back', () => {
      const back = commissionsOn(credit(1, 10_000n), partner, earned);
      const again = { ...credit(2, -10_000n) };
      const given = commissionsOn(again, dearer, [...earned, ...back]);
      expect(add(given[0]?.amount ?? usd(0n), back[0]?.amount ?? usd(0n))).toEqual(usd(0n));
    });
  });
});

import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyCredits, openCredit, accountCredit } from './account-credit.js';
import { creditEstimate } from './credit-estimate.js';

const dueOn = localDate('2026-12-23');
const usd = (minor: bigint) => money(minor, 'USD');

describe('the estimate of account credit', () => {
  test.each([
    ['less than the total', 3_000n, 10_000n, 3_000n, 7_000n],
    ['more than the total', 30_000n, 10_000n, 10_000n, 0n],
    ['none', 0n, 10_000n, 0n, 10_000n],
    ['some, of an order that brings money back', 3_000n, -500n, 0n, 0n],
  ])('with %s', (_, credit, total, applied, amountDue) => {
    expect(creditEstimate(usd(total), usd(credit))).toEqual({
      applied: usd(applied),
      amountDue: usd(amountDue),
    });
  });

  test('is what posting then applies, out of however many credits', () => {
    const credits = fc.array(fc.bigInt({ min: 1n, max: 10_000n }), { maxLength: 6 });
    fc.assert(
      fc.property(credits, fc.bigInt({ min: 1n, max: 30_000n }), (minors, total) => {
        const at = new Date('2026-11-23T12:00:00Z');
        const account = { accountId: 'account', legalEntityCode: 'US' };
        const open = minors.map((minor, index) =>
          openCredit(
            accountCredit({
              ...account,
              amount: usd(minor),
              source: 'CREDIT_MEMO',
              sourceId: `${index}`,
              openedAt: at,
            }),
          ),
        );
        const invoice = { ...account, id: 'invoice', dueOn, amountDue: usd(total) };
        const applied = applyCredits(open, [invoice], at).reduce((sum, use) => sum + use.amount.minor, 0n);
        const free = minors.reduce((sum, minor) => sum + minor, 0n);
        expect(creditEstimate(usd(total), usd(free)).applied).toEqual(usd(applied));
      }),
    );
  });
});

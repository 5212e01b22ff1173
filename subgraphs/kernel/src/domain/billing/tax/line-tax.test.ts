import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, type CurrencyCode, money, negate } from '../../money.js';
import { taxLine, taxOn } from './line-tax.js';
import type { TaxRate } from './tax-rates.js';

const rates = fc.constantFrom('0', '5', '7.7', '8.1', '19', '20', '21', '25', '25.5', '8.875');
const amounts = fc.record({
  minor: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  currency: fc.constantFrom<CurrencyCode>('JPY', 'EUR', 'KWD'),
});

describe('taxOn', () => {
  test.each<[string, bigint, CurrencyCode, string, bigint]>([
    ['D28 1000 from 03-05', 871n, 'JPY', '25', 218n],
    ['D28 credit of 1000 from 03-12: 806 with tax', -645n, 'JPY', '25', -161n],
    ['D28 credit of 1500 from 03-12: 1210 with tax', -968n, 'JPY', '25', -242n],
    ['D28 1900 from 03-12', 1226n, 'JPY', '25', 307n],
    ['F62 the credit of 29/30: 24166 with tax', -19_333n, 'EUR', '25', -4833n],
    ['a half goes away from zero', 250n, 'EUR', '21', 53n],
    ['a half of a credit goes away from zero too', -250n, 'EUR', '21', -53n],
    ['a rate with decimals', 10_000n, 'CHF', '8.1', 810n],
    ['a currency of three decimals', 100_500n, 'KWD', '25.5', 25_628n],
    ['nothing charged', 10_000n, 'EUR', '0', 0n],
    ['nothing to tax', 0n, 'EUR', '21', 0n],
  ])('%s', (_, minor, currency, rate, expected) => {
    expect(taxOn(money(minor, currency), rate)).toEqual(money(expected, currency));
  });

  test('D28 and F62: the credits with their tax', () => {
    const withTax = (minor: bigint) => add(money(minor, 'JPY'), taxOn(money(minor, 'JPY'), '25')).minor;
    expect([-645n, -968n, -19_333n].map(withTax)).toEqual([-806n, -1210n, -24_166n]);
  });

  test('the tax of a line and of its exact reversal sum to zero', () => {
    fc.assert(
      fc.property(amounts, rates, (amount, rate) => {
        expect(add(taxOn(amount, rate), taxOn(negate(amount), rate)).minor).toBe(0n);
      }),
    );
  });

  test('the tax is never further than half a minor unit from the exact product', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 30_000 }), (amount, thousandths) => {
        const rate = `${Math.trunc(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`;
        const off = taxOn(amount, rate).minor * 100_000n - amount.minor * BigInt(thousandths);
        expect(off <= 50_000n && off >= -50_000n).toBe(true);
      }),
    );
  });

  test.each(['', '21%', '1e2', ' 21'])('refuses %j as a rate', (rate) => {
    expect(() => taxOn(money(1n, 'EUR'), rate)).toThrow(RangeError);
  });
});

test('a line keeps the rate, whose it is and why', () => {
  const rate: TaxRate = { rate: '21', jurisdiction: 'NL', reason: 'DOMESTIC' };
  expect(taxLine(money(348_000n, 'EUR'), rate)).toEqual({ ...rate, amount: money(73_080n, 'EUR') });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  add,
  compare,
  type CurrencyCode,
  CurrencyMismatchError,
  currencies,
  formatAmount,
  isCurrency,
  money,
  negate,
  parseAmount,
  split,
  subtract,
  sum,
} from './money.js';

const minor = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
const currency = fc.constantFrom<CurrencyCode>('JPY', 'USD', 'KWD');
const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 })
  .filter((list) => list.some((weight) => weight > 0n));

describe('money', () => {
  test('amounts of one currency add up', () => {
    const [ten, three] = [money(10n, 'USD'), money(3n, 'USD')];
    expect(add(ten, three)).toEqual(money(13n, 'USD'));
    expect(subtract(three, ten)).toEqual(money(-7n, 'USD'));
    expect(negate(ten)).toEqual(money(-10n, 'USD'));
    expect(sum([ten, three, three], 'USD')).toEqual(money(16n, 'USD'));
    expect(sum([], 'EUR')).toEqual(money(0n, 'EUR'));
    expect([compare(ten, three), compare(ten, ten), compare(three, ten)]).toEqual([1, 0, -1]);
  });

  test.each([add, subtract, compare])('$name refuses two currencies', (operation) => {
    expect(() => operation(money(1n, 'USD'), money(1n, 'EUR'))).toThrow(CurrencyMismatchError);
  });

  test('a sum refuses an amount in another currency than its own', () => {
    expect(() => sum([money(1n, 'USD')], 'EUR')).toThrow(CurrencyMismatchError);
  });

  test.each([
    [34800n, 'USD', '348.00'],
    [500n, 'JPY', '500'],
    [100500n, 'KWD', '100.500'],
    [-5n, 'USD', '-0.05'],
    [0n, 'KWD', '0.000'],
  ] as const)('%i minor units of %s are %s', (units, code, text) => {
    expect(formatAmount(money(units, code))).toBe(text);
    expect(parseAmount(text, code)).toEqual({ ok: true, value: money(units, code) });
  });

  test('what is written can be read again, with 0, 2 and 3 decimals', () => {
    fc.assert(
      fc.property(minor, currency, (units, code) => {
        const amount = money(units, code);
        expect(parseAmount(formatAmount(amount), code)).toEqual({ ok: true, value: amount });
      }),
    );
  });

  test.each([
    ['12.345', 'USD', 'TOO_MANY_DECIMALS'],
    ['1.0', 'JPY', 'TOO_MANY_DECIMALS'],
    ['92233720368547758.08', 'USD', 'TOO_LARGE'],
    ['9'.repeat(1000), 'USD', 'TOO_LARGE'],
    ['USD 5', 'USD', 'NOT_AN_AMOUNT'],
    ['', 'USD', 'NOT_AN_AMOUNT'],
  ] as const)('%s in %s is refused: %s', (text, code, error) => {
    expect(parseAmount(text, code)).toEqual({ ok: false, error });
  });

  test.each([
    ['USD', true],
    ['usd', false],
    ['BTC', false],
    ['constructor', false],
    ['__proto__', false],
    ['', false],
  ])('isCurrency(%j) is %s', (text, expected) => {
    expect(isCurrency(text)).toBe(expected);
  });

  test('the table holds every active currency once, in order', () => {
    const codes = Object.keys(currencies);
    expect(codes).toHaveLength(155);
    expect(codes).toEqual(codes.toSorted());
    expect(codes.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
  });
});

describe('split', () => {
  test.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [5n, [0n, 3n, 7n], [0n, 2n, 3n]],
    [1n, [0n, 1n], [0n, 1n]],
    [0n, [2n, 1n], [0n, 0n]],
  ])('%i by %o is %o', (amount, by, expected) => {
    expect(split(money(amount, 'USD'), by).map((part) => part.minor)).toEqual(expected);
  });

  test('the parts sum exactly, and each is less than one unit from its exact share', () => {
    fc.assert(
      fc.property(minor, weights, (amount, by) => {
        const parts = split(money(amount, 'USD'), by);
        const total = by.reduce((sofar, weight) => sofar + weight, 0n);
        expect(parts).toHaveLength(by.length);
        expect(sum(parts, 'USD').minor).toBe(amount);
        parts.forEach((part, index) => {
          const off = part.minor * total - amount * (by[index] ?? 0n);
          expect(off < total && off > -total).toBe(true);
        });
      }),
    );
  });

  test.each([[[]], [[0n, 0n]], [[1n, -1n, 2n]]])('refuses the weights %o', (by) => {
    expect(() => split(money(1n, 'USD'), by)).toThrow(RangeError);
  });
});

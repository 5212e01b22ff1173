import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  compareDecimals,
  decimal,
  formatDecimal,
  formatFraction,
  multiplyDecimals,
  parseDecimal,
  roundDivide,
} from './decimal.js';

const anyDecimal = fc.record({
  units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  scale: fc.nat(20),
});

describe('decimal', () => {
  test.each([
    ['0', 0n, 0],
    ['-12.50', -1250n, 2],
    ['4.4556', 44556n, 4],
    ['-0.00', 0n, 2],
  ])('reads %s', (text, units, scale) => {
    expect(parseDecimal(text)).toEqual({ ok: true, value: { units, scale } });
  });

  test.each(['', '-', '+1', '1.', '.5', '01', '1e3', '1,5', ' 1', '1\n', 'NaN', '١'])(
    'refuses %j',
    (text) => {
      expect(parseDecimal(text)).toEqual({ ok: false, error: 'NOT_A_DECIMAL' });
      expect(() => decimal(text)).toThrow(RangeError);
    },
  );

  test('refuses what is too long without reading it', () => {
    expect(parseDecimal('9'.repeat(1_000_000))).toEqual({ ok: false, error: 'TOO_LONG' });
  });

  test.each([
    ['1.50', '1.5'],
    ['100.00', '100'],
    ['100', '100'],
    ['-0.00', '0'],
    ['-0.050', '-0.05'],
  ])('%s is canonically %s', (text, canonical) => {
    expect(formatDecimal(decimal(text))).toBe(canonical);
  });

  test('what is written can be read again as the same value', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        const text = formatDecimal(value);
        expect(compareDecimals(decimal(text), value)).toBe(0);
        expect(formatDecimal(decimal(text))).toBe(text);
      }),
    );
  });

  test('a product is exact', () => {
    expect(formatDecimal(multiplyDecimals(decimal('4.4556'), decimal('10.625')))).toBe('47.34075');
  });

  test.each([
    ['1.5', '1.50', 0],
    ['-2', '1', -1],
    ['0.1', '0.09', 1],
  ])('%s compared with %s is %i', (left, right, expected) => {
    expect(compareDecimals(decimal(left), decimal(right))).toBe(expected);
  });

  test.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [1n, 3n, 0n],
    [0n, 7n, 0n],
  ])('%i / %i rounds to %i', (numerator, denominator, expected) => {
    expect(roundDivide(numerator, denominator)).toBe(expected);
  });

  test('a rounded quotient is within half of the exact one, and odd', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (numerator, denominator) => {
        const quotient = roundDivide(numerator, denominator);
        const twiceOff = 2n * (quotient * denominator - numerator);
        expect(twiceOff <= denominator && twiceOff >= -denominator).toBe(true);
        expect(roundDivide(-numerator, denominator)).toBe(-quotient);
      }),
    );
  });

  test('division by zero throws', () => {
    expect(() => roundDivide(1n, 0n)).toThrow(RangeError);
  });

  test.each([
    [23n, 31n, '0.741935484'],
    [31n, 31n, '1'],
    [15n, 30n, '0.5'],
  ])('%i/%i is shown as %s', (numerator, denominator, text) => {
    expect(formatFraction({ numerator, denominator })).toBe(text);
  });
});

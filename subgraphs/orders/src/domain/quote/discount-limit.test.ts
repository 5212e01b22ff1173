import type { Discount } from '@fulfillment/kernel/domain/agreement/agreement';
import { discountFault, discountUnitPrice } from '@fulfillment/kernel/domain/agreement/discount';
import { exampleItem } from '@fulfillment/kernel/domain/agreement/example';
import { compareDecimals, decimal, formatFixed } from '@fulfillment/kernel/domain/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAboveLimit, needsApproval, salesDiscountLimitPercent } from './discount-limit.js';

const off = (kind: Discount['kind'], value: string): Discount => ({ kind, value, renews: false });

test.each<[string, Discount | null, boolean]>([
  ['29.00', null, false],
  ['29.00', off('PERCENT', '0'), false],
  ['29.00', off('PERCENT', '15'), false],
  ['29.00', off('PERCENT', '15.000'), false],
  ['29.00', off('PERCENT', '15.000001'), true],
  ['29.00', off('PERCENT', '100'), true],
  // 15 per cent of 29.00 is 4.35.
  ['29.00', off('AMOUNT', '4.35'), false],
  ['29.00', off('AMOUNT', '4.350001'), true],
  ['29.00', off('AMOUNT', '29'), true],
  ['0', off('AMOUNT', '0'), false],
])('a price of %s with %j needs approval: %s', (unitPrice, discount, expected) => {
  expect(isAboveLimit({ unitPrice, discount }, '15')).toBe(expected);
});

test('the limit of sales is 15 per cent, and one item above it is enough', () => {
  const within = exampleItem({ discount: off('PERCENT', salesDiscountLimitPercent) });
  const above = exampleItem({ discount: off('PERCENT', '15.5') });
  expect(salesDiscountLimitPercent).toBe('15');
  expect(needsApproval([])).toBe(false);
  expect(needsApproval([within, within])).toBe(false);
  expect(needsApproval([within, above])).toBe(true);
});

/** Prices and discounts with up to four digits after the point. */
const price = fc.bigInt({ min: 0n, max: 10_000_000n }).map((units) => formatFixed(units, 4));
const discount = fc.record({
  kind: fc.constantFrom('PERCENT' as const, 'AMOUNT' as const),
  value: fc.bigInt({ min: -10_000n, max: 20_000_000n }).map((units) => formatFixed(units, 4)),
  renews: fc.boolean(),
});

test('a discount that is taken never makes a price negative, and an equal one of the other kind needs the same approval', () => {
  let taken = 0;
  fc.assert(
    fc.property(price, discount, (unitPrice, given) => {
      if (discountFault(unitPrice, given) !== null) return;
      taken += 1;
      const item = exampleItem({ unitPrice, discount: given });
      const reduction = discountUnitPrice(item) ?? '0';
      expect(compareDecimals(decimal(reduction.replace('-', '')), decimal(unitPrice))).toBeLessThanOrEqual(0);
      const asAmount = { ...item, discount: off('AMOUNT', reduction.replace('-', '')) };
      expect(isAboveLimit(asAmount, '15')).toBe(isAboveLimit(item, '15') && decimal(unitPrice).units > 0n);
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

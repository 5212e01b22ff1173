import type { AgreedItem } from '@fulfillment/kernel/domain/agreement/agreement';
import { compareDecimals, decimal, multiplyDecimals } from '@fulfillment/kernel/domain/decimal';

/** What sales may take off a list price without asking anybody, in per cent. Above it a second person has to approve. */
export const salesDiscountLimitPercent = '15';

/** True when a discount takes more than the limit off the unit price. */
export function isAboveLimit(
  { unitPrice, discount }: Pick<AgreedItem, 'unitPrice' | 'discount'>,
  limitPercent: string,
): boolean {
  if (discount === null) return false;
  const value = decimal(discount.value);
  const limit = decimal(limitPercent);
  if (discount.kind === 'PERCENT') return compareDecimals(value, limit) > 0;
  // value / unitPrice > limit / 100, without a division.
  return (
    compareDecimals(multiplyDecimals(value, decimal('100')), multiplyDecimals(limit, decimal(unitPrice))) > 0
  );
}

/** True when one of the items has a discount that sales may not give alone. */
export function needsApproval(items: readonly Pick<AgreedItem, 'unitPrice' | 'discount'>[]): boolean {
  return items.some((item) => isAboveLimit(item, salesDiscountLimitPercent));
}

import { err, ok } from '@fulfillment/kernel/domain/result';
import { type FieldPath, type OrderError, orderError } from '../errors.js';
import type { OrderFacts } from '../facts.js';
import { type DiscountInput, quantityError } from '../item.js';
import { numberError, termMonthsRange } from '../number.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** A quantity that differs in the next term. */
interface RenewedQuantity {
  readonly productCode: string;
  readonly quantity: number;
  readonly discount?: DiscountInput | null;
}

/** A subscription to be renewed. */
export interface RenewInput extends ChangeInput {
  readonly termMonths?: number | null;
  readonly quantities?: readonly RenewedQuantity[] | null;
}

/** At the contract's prices with its uplift. */
export const renew: ReadChange<RenewInput> = ({ termMonths = null, quantities }, { facts, path }) => {
  const wanted = quantities ?? [];
  const errors = [
    numberError(termMonths, [...path, 'termMonths'], termMonthsRange),
    ...wanted.flatMap((one, index) => renewedQuantityErrors(one, facts, [...path, 'quantities', index])),
    ...repeatedErrors(wanted, [...path, 'quantities']),
  ].filter((error) => error !== null);
  if (errors.length > 0) return err(errors);
  return ok({
    kind: 'RENEW',
    termMonths,
    quantities: wanted.map(({ productCode, quantity }) => ({ productCode, quantity })),
  });
};

function renewedQuantityErrors(
  { productCode, quantity, discount }: RenewedQuantity,
  { products }: OrderFacts,
  field: FieldPath,
): OrderError[] {
  const error = quantityError(quantity, products.get(productCode), [...field, 'quantity']);
  const message = 'A renewal keeps the discounts that were agreed for later terms: leave this one out.';
  return [
    ...(error === null ? [] : [error]),
    ...(discount == null ? [] : [orderError('DISCOUNT_INVALID', [...field, 'discount'], message)]),
  ];
}

function repeatedErrors(quantities: readonly RenewedQuantity[], field: FieldPath): OrderError[] {
  const codes = quantities.map(({ productCode }) => productCode);
  return codes.flatMap((code, index) =>
    codes.indexOf(code) === index
      ? []
      : [orderError('INVALID_VALUE', [...field, index, 'productCode'], 'Name each product once.')],
  );
}

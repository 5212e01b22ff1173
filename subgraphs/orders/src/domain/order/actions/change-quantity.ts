import type { ChangeTime } from '@fulfillment/kernel/domain/agreement/actions/action';
import { itemOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { err, ok } from '@fulfillment/kernel/domain/result';
import { quantityError } from '../item.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** A quantity to be changed. */
export interface ChangeQuantityInput extends ChangeInput {
  readonly productCode: string;
  readonly quantity: number;
  readonly when?: ChangeTime | null;
}

/** At the contract's price: the price list is not asked. More holds from now, less from the next term, unless asked for otherwise. */
export const changeQuantity: ReadChange<ChangeQuantityInput> = (input, { facts, agreement, path }) => {
  const { productCode, quantity } = input;
  const error = quantityError(quantity, facts.products.get(productCode), [...path, 'quantity']);
  if (error !== null) return err([error]);
  const present = itemOf(agreement.items, productCode)?.quantity ?? 0;
  const when = input.when ?? (quantity < present ? 'RENEWAL' : 'NOW');
  return ok({ kind: 'CHANGE_QUANTITY', productCode, quantity, when });
};

import { itemOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { ok } from '@fulfillment/kernel/domain/result';
import { agreeItem, type DiscountInput } from '../item.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** An add-on to be added. */
export interface AddProductInput extends ChangeInput {
  readonly productCode: string;
  readonly quantity: number;
  readonly discount?: DiscountInput | null;
}

/** What the contract has already, and can be bought again, keeps its price. */
export const addProduct: ReadChange<AddProductInput> = (input, setting) => {
  const { facts, agreement, subscription, effectiveDate, path } = setting;
  const item = agreeItem(
    {
      ...input,
      kind: 'ADD_ON',
      codeField: [...path, 'productCode'],
      quantityField: [...path, 'quantity'],
      discountField: [...path, 'discount'],
    },
    {
      facts,
      currency: agreement.currency,
      deploymentKind: subscription.deploymentKind,
      day: effectiveDate,
      agreed: itemOf(agreement.items, input.productCode),
    },
  );
  return item.ok ? ok({ kind: 'ADD_PRODUCT', item: item.value }) : item;
};

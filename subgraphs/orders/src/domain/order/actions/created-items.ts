import type { AgreedItem } from '@fulfillment/kernel/domain/agreement/agreement';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { DeploymentInput } from '../deployment.js';
import { type FieldPath, type OrderError, orderError } from '../errors.js';
import type { OrderFacts } from '../facts.js';
import { agreeItem, type DiscountInput, type PriceSetting, type RequestedItem } from '../item.js';
import type { ActionPlace } from './action-setting.js';

/** An add-on and its quantity. */
export interface AddOnInput {
  readonly productCode: string;
  readonly quantity: number;
  readonly discount?: DiscountInput | null;
}

/** What a new subscription is to have. */
export interface ProductsInput {
  readonly deployment: DeploymentInput;
  readonly planCode: string;
  readonly quantity: number;
  readonly discount?: DiscountInput | null;
  readonly addOns?: readonly AddOnInput[] | null;
}

/** The plan and the add-ons of a new subscription at the list prices of its first day, or all that is wrong with them. */
export function agreeItems(
  input: ProductsInput,
  facts: OrderFacts,
  { path, effectiveDate }: ActionPlace,
): Result<readonly AgreedItem[], OrderError[]> {
  const setting: PriceSetting = {
    facts,
    currency: facts.buyer.invoiceOwner.currency,
    deploymentKind: input.deployment.kind,
    day: effectiveDate,
  };
  const requested: RequestedItem[] = [
    {
      productCode: input.planCode,
      kind: 'PLAN',
      quantity: input.quantity,
      discount: input.discount ?? null,
      codeField: [...path, 'planCode'],
      quantityField: [...path, 'quantity'],
      discountField: [...path, 'discount'],
    },
    ...(input.addOns ?? []).map((addOn, index) => requestedAddOn(addOn, [...path, 'addOns', index])),
  ];
  const agreed = requested.map((item, index) => agreeOnce(item, requested.slice(0, index), setting));
  const errors = agreed.flatMap((item) => (item.ok ? [] : item.error));
  return errors.length > 0 ? err(errors) : ok(agreed.flatMap((item) => (item.ok ? [item.value] : [])));
}

function requestedAddOn(addOn: AddOnInput, field: FieldPath): RequestedItem {
  return {
    ...addOn,
    kind: 'ADD_ON',
    codeField: [...field, 'productCode'],
    quantityField: [...field, 'quantity'],
    discountField: [...field, 'discount'],
  };
}

function agreeOnce(
  item: RequestedItem,
  earlier: readonly RequestedItem[],
  setting: PriceSetting,
): Result<AgreedItem, OrderError[]> {
  const isRepeated = earlier.some(
    ({ kind, productCode }) => kind === 'ADD_ON' && productCode === item.productCode,
  );
  if (!isRepeated) return agreeItem(item, setting);
  return err([
    orderError('INVALID_VALUE', item.codeField, 'Name each add-on once, with the whole quantity.'),
  ]);
}

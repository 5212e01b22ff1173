import type { LocalDate } from '../../calendar.js';
import { err, ok, type Result } from '../../result.js';
import { type AgreedItem, type Agreement, itemOf, planOf, sameItem } from '../agreement.js';
import { plan, unplan } from '../planned.js';
import { agreementRefusal, type AgreementRefusal } from '../refusal.js';
import type { AddProduct, ChangePlan, ChangeQuantity, RemoveProduct } from './action.js';
import { refuseDecrease, refuseProductChange } from './conditions.js';

type Outcome = Result<Agreement, AgreementRefusal>;

export function addProduct(agreement: Agreement, { item }: AddProduct, on: LocalDate): Outcome {
  const refusal = refuseProductChange(agreement, on);
  if (refusal !== null) return err(refusal);
  if (item.productKind !== 'ADD_ON') {
    return err(
      agreementRefusal('PLAN_INVALID', 'A plan is not added but changed: use `changePlan`.', 'productCode'),
    );
  }
  const had = itemOf(agreement.items, item.productCode);
  if (had === undefined)
    return ok(unplan(withItems(agreement, [...agreement.items, item]), item.productCode));
  // What is bought once can be bought again: the packs add up.
  if (had.pricePeriod === 'ONE_TIME' && item.pricePeriod === 'ONE_TIME') {
    return ok(replaceItem(agreement, had, { ...item, quantity: had.quantity + item.quantity }));
  }
  const message = `It has ${had.productName} already: use \`changeQuantity\`.`;
  return err(agreementRefusal('PRODUCT_ALREADY_INCLUDED', message, 'productCode'));
}

export function changeQuantity(agreement: Agreement, action: ChangeQuantity, on: LocalDate): Outcome {
  const { productCode, quantity, when } = action;
  const refusal = refuseProductChange(agreement, on);
  if (refusal !== null) return err(refusal);
  const item = itemOf(agreement.items, productCode);
  if (item === undefined) return err(notIncluded(productCode));
  if (item.pricePeriod === 'ONE_TIME') {
    const message = 'What is bought once is not changed: buy more with `addProduct`.';
    return err(agreementRefusal('NOTHING_CHANGES', message, 'productCode'));
  }
  if (when === 'RENEWAL') return ok(plan(agreement, { kind: 'QUANTITY', productCode, quantity }));
  if (quantity === item.quantity) {
    const message = `It has ${quantity} of ${item.productName} already.`;
    return err(agreementRefusal('NOTHING_CHANGES', message, 'quantity'));
  }
  const decrease = quantity < item.quantity ? refuseDecrease(agreement) : null;
  if (decrease !== null) return err(decrease);
  return ok(unplan(replaceItem(agreement, item, { ...item, quantity }), productCode));
}

export function changePlan(agreement: Agreement, action: ChangePlan, on: LocalDate): Outcome {
  const { item, direction, when } = action;
  const refusal = refuseProductChange(agreement, on);
  if (refusal !== null) return err(refusal);
  const present = planOf(agreement.items);
  if (item.productKind !== 'PLAN') {
    return err(agreementRefusal('PLAN_INVALID', `${item.productName} is no plan.`, 'planCode'));
  }
  if (sameItem(present, item)) {
    return err(agreementRefusal('NOTHING_CHANGES', `${item.productName} is the plan already.`, 'planCode'));
  }
  if (when === 'RENEWAL') {
    return ok(plan(agreement, { kind: 'PLAN', productCode: present.productCode, item }));
  }
  const decrease = direction === 'DOWNGRADE' ? refuseDecrease(agreement) : null;
  if (decrease !== null) return err(decrease);
  return ok(unplan(replaceItem(agreement, present, item), present.productCode));
}

export function removeProduct(agreement: Agreement, action: RemoveProduct, on: LocalDate): Outcome {
  const { productCode, when } = action;
  const refusal = refuseProductChange(agreement, on);
  if (refusal !== null) return err(refusal);
  const item = itemOf(agreement.items, productCode);
  if (item === undefined) return err(notIncluded(productCode));
  if (item.productKind === 'PLAN') {
    const message = 'The plan cannot be removed: cancel the subscription, or change its plan.';
    return err(agreementRefusal('PLAN_INVALID', message, 'productCode'));
  }
  if (item.pricePeriod === 'ONE_TIME') {
    const message = 'What is bought once is not given back; it ends with the term.';
    return err(agreementRefusal('NOTHING_CHANGES', message, 'productCode'));
  }
  if (when === 'RENEWAL') return ok(plan(agreement, { kind: 'REMOVAL', productCode }));
  const decrease = refuseDecrease(agreement);
  if (decrease !== null) return err(decrease);
  return ok(
    unplan(
      withItems(
        agreement,
        agreement.items.filter((one) => one !== item),
      ),
      productCode,
    ),
  );
}

function notIncluded(productCode: string): AgreementRefusal {
  const message = `It does not have ${productCode}: name a product of the subscription.`;
  return agreementRefusal('PRODUCT_NOT_INCLUDED', message, 'productCode');
}

function replaceItem(agreement: Agreement, present: AgreedItem, item: AgreedItem): Agreement {
  return withItems(
    agreement,
    agreement.items.map((one) => (one === present ? item : one)),
  );
}

function withItems(agreement: Agreement, items: readonly AgreedItem[]): Agreement {
  return { ...agreement, items };
}

import type { ChangePlan, ChangeTime } from '@fulfillment/kernel/domain/agreement/actions/action';
import { type AgreedItem, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { err, ok } from '@fulfillment/kernel/domain/result';
import { orderError } from '../errors.js';
import type { OrderFacts } from '../facts.js';
import { agreeItem, type DiscountInput } from '../item.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** Another plan in the place of the plan. */
export interface ChangePlanInput extends ChangeInput {
  readonly planCode: string;
  readonly quantity?: number | null;
  readonly when?: ChangeTime | null;
  readonly discount?: DiscountInput | null;
}

/** At the list price of the order's day. An upgrade holds from now, a downgrade from the next term, unless asked for otherwise. */
export const changePlan: ReadChange<ChangePlanInput> = (input, setting) => {
  const { facts, agreement, subscription, effectiveDate, path } = setting;
  const present = planOf(agreement.items);
  const codeField = [...path, 'planCode'];
  if (input.planCode === present.productCode) {
    const message = `${present.productName} is the plan already: change its seats with \`changeQuantity\`.`;
    return err([orderError('NOTHING_CHANGES', codeField, message)]);
  }
  const { currency } = agreement;
  const item = agreeItem(
    {
      productCode: input.planCode,
      kind: 'PLAN',
      quantity: input.quantity ?? present.quantity,
      discount: input.discount ?? null,
      codeField,
      quantityField: [...path, 'quantity'],
      discountField: [...path, 'discount'],
    },
    { facts, currency, deploymentKind: subscription.deploymentKind, day: effectiveDate },
  );
  if (!item.ok) return item;
  const direction = directionOf(present, item.value, facts);
  const when = input.when ?? (direction === 'UPGRADE' ? 'NOW' : 'RENEWAL');
  return ok({ kind: 'CHANGE_PLAN', item: item.value, direction, when });
};

/** A smaller plan is less, and so are fewer seats of a better one: else seats could be given back by way of an upgrade. */
function directionOf(
  present: AgreedItem,
  next: AgreedItem,
  { products }: OrderFacts,
): ChangePlan['direction'] {
  const rankOf = ({ productCode }: AgreedItem) => products.get(productCode)?.rank ?? 0;
  const isLess = rankOf(next) < rankOf(present) || next.quantity < present.quantity;
  return isLess ? 'DOWNGRADE' : 'UPGRADE';
}

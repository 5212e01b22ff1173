import { type RatedCharge, ratePeriods } from '@fulfillment/kernel/domain/billing/rating';
import { formatAmount, type Money } from '@fulfillment/kernel/domain/money';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { chargedFor, type OrderedAction } from './actions/index.js';
import { totalOf } from './invoice.js';
import type { FrozenCharge, OrderedItem, PlacedOrder } from './placed-order.js';

/**
 * Rates an order's items again, with the very function that made its preview, and holds the frozen charges against it:
 * what is billed is what was shown, or nothing is. The charges of an item must be the first billing periods of its term,
 * in order and without a gap; an item that costs nothing needs none.
 * @returns what differs, in a sentence; null when nothing does
 */
export function priceDifference(order: PlacedOrder): string | null {
  for (const action of order.actions) {
    const { items, servicePeriod } = chargedFor(action, order);
    for (const item of items) {
      const frozen = order.charges.filter((charge) => belongsTo(charge, action, item));
      const difference = itemDifference(order, item, servicePeriod, frozen);
      if (difference !== null) return difference;
    }
  }
  const strange = order.charges.find((charge) => !isOrdered(order, charge));
  if (strange) return `${strange.productCode} is charged and was not ordered.`;
  const total = totalOf(order.charges, order.currency);
  return sameMoney(total, order.total)
    ? null
    : `The charges come to ${show(total)}, and the order says ${show(order.total)}.`;
}

function itemDifference(
  order: PlacedOrder,
  item: OrderedItem,
  servicePeriod: LocalPeriod,
  charges: readonly FrozenCharge[],
): string | null {
  const frozen = charges.toSorted((left, right) => (left.serviceStart < right.serviceStart ? -1 : 1));
  const rated = ratePeriods({
    unitPrice: item.unitPrice,
    pricePeriod: item.pricePeriod,
    billingPeriod: item.billingPeriod,
    currency: order.currency,
    quantity: item.quantity,
    anchor: servicePeriod.start,
    servicePeriod,
    policy: frozen[0]?.prorationPolicy ?? 'ACTUAL_DAYS',
  });
  if (frozen.length === 0 && rated[0]?.amount.minor !== 0n) return `${item.productCode} is not charged.`;
  const differing = frozen.find((charge, index) => !sameCharge(charge, rated[index]));
  if (differing === undefined) return null;
  const expected = rated[frozen.indexOf(differing)];
  const place = `${item.productCode} from ${differing.serviceStart} to ${differing.serviceEnd}`;
  return expected === undefined
    ? `${place} lies outside the term.`
    : `${place} was ordered at ${show(differing.amount)}; its price comes to ${show(expected.amount)} ` +
        `from ${expected.serviceStart} to ${expected.serviceEnd}.`;
}

function isOrdered(order: PlacedOrder, charge: FrozenCharge): boolean {
  return order.actions.some((action) =>
    chargedFor(action, order).items.some((item) => belongsTo(charge, action, item)),
  );
}

function belongsTo(charge: FrozenCharge, action: OrderedAction, item: OrderedItem): boolean {
  return charge.subscriptionId === action.subscriptionId && charge.productCode === item.productCode;
}

function sameCharge(frozen: RatedCharge, rated: RatedCharge | undefined): boolean {
  return (
    rated !== undefined &&
    frozen.quantity === rated.quantity &&
    frozen.unitPrice === rated.unitPrice &&
    frozen.pricePeriod === rated.pricePeriod &&
    frozen.serviceStart === rated.serviceStart &&
    frozen.serviceEnd === rated.serviceEnd &&
    frozen.prorationRatio === rated.prorationRatio &&
    frozen.prorationPolicy === rated.prorationPolicy &&
    sameMoney(frozen.amount, rated.amount)
  );
}

function sameMoney(left: Money, right: Money): boolean {
  return left.minor === right.minor && left.currency === right.currency;
}

function show(amount: Money): string {
  return `${formatAmount(amount)} ${amount.currency}`;
}

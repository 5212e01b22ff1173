import type { AgreementLine } from '@fulfillment/kernel/domain/agreement/lines';
import { taxOn } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { formatAmount, type Money } from '@fulfillment/kernel/domain/money';
import { type BilledLine, grossOf } from './billed-line.js';
import type { PlacedOrder } from './placed-order.js';

/** A line as this service works it out, for the subscription that it belongs to. */
export type ExpectedLine = AgreementLine & { readonly subscriptionId: string };

/**
 * Holds the lines that an order froze against those that its actions come to here, by the very function that made its
 * preview: what is billed is what was shown, or nothing is. The tax rate is the order's; its amount is worked out again.
 * @returns what differs, in a sentence; null when nothing does
 */
export function priceDifference(order: PlacedOrder, expected: readonly ExpectedLine[]): string | null {
  const frozen = order.charges;
  for (const [index, line] of expected.entries()) {
    const difference = lineDifference(frozen[index], line);
    if (difference !== null) return difference;
  }
  const surplus = frozen[expected.length];
  if (surplus !== undefined)
    return `${surplus.productCode} has a line of ${show(surplus.amount)} that is not due.`;
  const total = grossOf(frozen, order.currency);
  return total.minor === order.total.minor && total.currency === order.total.currency
    ? null
    : `The lines come to ${show(total)}, and the order says ${show(order.total)}.`;
}

function lineDifference(frozen: BilledLine | undefined, expected: ExpectedLine): string | null {
  const days = `${expected.serviceStart} to ${expected.serviceEnd}`;
  if (frozen === undefined)
    return `${expected.productCode} comes to ${show(expected.amount)} for ${days}, and has no line.`;
  if (!sameLine(frozen, expected)) {
    return `${expected.productCode} comes to ${show(expected.amount)} for ${days}, and the order says ${show(frozen.amount)} for ${frozen.serviceStart} to ${frozen.serviceEnd}.`;
  }
  const tax = taxOn(frozen.amount, frozen.tax.rate);
  return tax.minor === frozen.tax.amount.minor
    ? null
    : `The tax of ${expected.productCode} comes to ${show(tax)}, and the order says ${show(frozen.tax.amount)}.`;
}

const compared = [
  'subscriptionId',
  'kind',
  'productCode',
  'quantity',
  'unitPrice',
  'pricePeriod',
  'serviceStart',
  'serviceEnd',
  'prorationRatio',
  'prorationPolicy',
] as const satisfies readonly (keyof ExpectedLine)[];

function sameLine(left: ExpectedLine, right: ExpectedLine): boolean {
  return (
    compared.every((field) => left[field] === right[field]) &&
    left.amount.minor === right.amount.minor &&
    left.amount.currency === right.amount.currency
  );
}

function show(amount: Money): string {
  return `${formatAmount(amount)} ${amount.currency}`;
}

import type { AgreedItem } from '@fulfillment/kernel/domain/agreement/agreement';
import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { AgreementValue } from '@fulfillment/kernel/domain/agreement/metrics';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { compare, type CurrencyCode, formatAmount, type Money } from '@fulfillment/kernel/domain/money';
import type { Amounts } from '../order/amounts.js';
import { draftLines, type OrderDraft, type OrderRequest } from '../order/judge.js';
import type { PlacedLine } from '../order/order.js';
import { valueChangeOf } from '../order/outlook.js';

/** Whether the day was asked for, or is that on which the order is placed. */
export type DayOfOrder = 'FIXED' | 'WHEN_PLACED';

/** What an order came to when it was priced, kept so that nothing else is placed for it. */
export interface FrozenDraft extends Amounts {
  /** The order's day; of an order for the day on which it is placed, the day on which it was priced. */
  readonly effectiveDate: LocalDate;
  readonly day: DayOfOrder;
  readonly currency: CurrencyCode;
  readonly lines: readonly PlacedLine[];
  readonly valueChange: AgreementValue;
  /** Each deployment that it is for, once: whoever works for one of them alone sees what is for that one alone. */
  readonly deploymentIds: readonly string[];
  /** What is newly agreed, in the order of the actions: also what costs nothing yet, as in a trial. */
  readonly items: readonly AgreedItem[];
}

/** An order as it was judged on a day of its account. A renewal is for the end of its term, whatever was asked for. */
export function freezeDraft(
  { draft, today }: { readonly draft: OrderDraft; readonly today: LocalDate },
  { effectiveDate: asked }: Pick<OrderRequest, 'effectiveDate'>,
): FrozenDraft {
  const { effectiveDate, currency, net, tax, total, deploymentIds } = draft;
  return {
    effectiveDate,
    day: asked == null && effectiveDate === today ? 'WHEN_PLACED' : 'FIXED',
    currency,
    net,
    tax,
    total,
    lines: draftLines(draft),
    valueChange: valueChangeOf(draft),
    deploymentIds,
    items: draft.actions.flatMap(({ change }) => newlyAgreed(change)),
  };
}

/** The items whose prices an action agrees on. */
function newlyAgreed(change: AgreementAction): readonly AgreedItem[] {
  if (change.kind === 'CREATE_SUBSCRIPTION') return change.agreement.items;
  return change.kind === 'ADD_PRODUCT' || change.kind === 'CHANGE_PLAN' ? [change.item] : [];
}

/**
 * True when an order that was priced anew is the one that was shown: the same lines and sums to the cent, and the same
 * prices. An order for the day on which it is placed has the lines of that day: then their dates alone may differ.
 */
export function isSameDraft(shown: FrozenDraft, now: FrozenDraft): boolean {
  const { day } = shown;
  return (
    (day === 'WHEN_PLACED' || shown.effectiveDate === now.effectiveDate) &&
    isSameAmount(shown.net, now.net) &&
    isSameAmount(shown.total, now.total) &&
    isSameList(shown.lines, now.lines, (left, right) => isSameLine(left, right, day)) &&
    isSameList(shown.items, now.items, isSameItem)
  );
}

/** What has changed, and what to do about it. */
export function priceChangedMessage(shown: FrozenDraft, now: FrozenDraft, whatToDo: string): string {
  const { currency } = now;
  const totals = `It was shown as ${formatAmount(shown.total)} ${shown.currency} with tax and comes to ${formatAmount(now.total)} ${currency} by now`;
  const why = isSameAmount(shown.total, now.total) ? ', with other lines or terms' : '';
  return `${totals}${why}: ${whatToDo}`;
}

function isSameAmount(left: Money, right: Money): boolean {
  return left.currency === right.currency && compare(left, right) === 0;
}

function isSameLine(left: PlacedLine, right: PlacedLine, day: DayOfOrder): boolean {
  return (
    left.kind === right.kind &&
    left.actionPosition === right.actionPosition &&
    left.productCode === right.productCode &&
    left.quantity === right.quantity &&
    left.unitPrice === right.unitPrice &&
    left.pricePeriod === right.pricePeriod &&
    isSameAmount(left.amount, right.amount) &&
    left.tax.rate === right.tax.rate &&
    isSameAmount(left.tax.amount, right.tax.amount) &&
    (day === 'WHEN_PLACED' ||
      (left.serviceStart === right.serviceStart && left.serviceEnd === right.serviceEnd))
  );
}

function isSameItem(left: AgreedItem, right: AgreedItem): boolean {
  return (
    left.productCode === right.productCode &&
    left.quantity === right.quantity &&
    left.unitPrice === right.unitPrice &&
    left.pricePeriod === right.pricePeriod &&
    left.discount?.kind === right.discount?.kind &&
    left.discount?.value === right.discount?.value &&
    left.discount?.renews === right.discount?.renews
  );
}

function isSameList<Item>(
  left: readonly Item[],
  right: readonly Item[],
  isSame: (left: Item, right: Item) => boolean,
): boolean {
  return (
    left.length === right.length &&
    left.every((item, index) => {
      const other = right[index];
      return other !== undefined && isSame(item, other);
    })
  );
}

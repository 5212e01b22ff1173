import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { billedUntil, nextBillingPeriod } from '@fulfillment/kernel/domain/agreement/billed';
import { periodLines } from '@fulfillment/kernel/domain/agreement/lines';
import {
  type AgreementValue,
  monthlyChange,
  valueChange,
} from '@fulfillment/kernel/domain/agreement/metrics';
import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { add, money, type Money } from '@fulfillment/kernel/domain/money';
import { amountsOf } from './amounts.js';
import { billingDayOf } from './carry-out.js';
import type { OrderDraft } from './judge.js';
import type { TaxedLine } from './order.js';

/** A bill that comes by itself. */
export interface NextInvoice {
  readonly date: LocalDate;
  /** Before tax. */
  readonly net: Money;
  /** With tax at today's rate. */
  readonly total: Money;
}

/**
 * The next bill of the subscriptions of a draft, if nothing else changes: all that falls due on the earliest day. Null when
 * nothing is billed any more within their terms.
 */
export function nextInvoiceOf(draft: OrderDraft, today: LocalDate): NextInvoice | null {
  const billedOn = billingDayOf(draft.effectiveDate, today);
  const next = agreementsAfter(draft).flatMap((agreement) => {
    const period = nextBillingPeriod(agreement, billedUntil(agreement, billedOn));
    return period === null ? [] : [{ agreement, period }];
  });
  const [date] = next.map(({ period }) => period.start).toSorted();
  if (date === undefined) return null;
  const lines: TaxedLine[] = next
    .filter(({ period }) => period.start === date)
    .flatMap(({ agreement, period }) => periodLines(agreement, period))
    .map((line) => ({ ...line, tax: taxLine(line.amount, draft.taxRate) }));
  const { net, total } = amountsOf(lines, draft.currency);
  return { date, net, total };
}

/** By how much a draft moves what the contracts are worth, from its day on. */
export function valueChangeOf({ actions, effectiveDate, currency }: OrderDraft): AgreementValue {
  const nothing = money(0n, currency);
  return actions
    .map(({ before, after }) => valueChange(before, after, effectiveDate))
    .reduce(
      (sum, one) => ({ mrr: add(sum.mrr, one.mrr), arr: add(sum.arr, one.arr), tcv: add(sum.tcv, one.tcv) }),
      { mrr: nothing, arr: nothing, tcv: nothing },
    );
}

/** By how much a draft moves what recurs each month: the `mrr` of its value change, with less work. */
export function monthlyChangeOf({ actions, currency }: OrderDraft): Money {
  return actions.map(({ before, after }) => monthlyChange(before, after)).reduce(add, money(0n, currency));
}

/** Every subscription as the last action on it leaves it. */
function agreementsAfter({ actions }: OrderDraft): Agreement[] {
  return actions
    .filter(
      ({ subscriptionId }, index) =>
        subscriptionId === null ||
        !actions.slice(index + 1).some((later) => later.subscriptionId === subscriptionId),
    )
    .map(({ after }) => after);
}

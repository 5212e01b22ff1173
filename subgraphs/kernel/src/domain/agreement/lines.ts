import { prorationPolicies } from '../billing/proration.js';
import { type RatedCharge, ratePeriods } from '../billing/rating.js';
import { compareDates, type LocalDate } from '../calendar.js';
import { negate } from '../money.js';
import { isEmptyPeriod, type LocalPeriod } from '../period.js';
import { type AgreedItem, type Agreement, itemOf, sameItem } from './agreement.js';
import { billedUntil } from './billed.js';
import { discountUnitPrice } from './discount.js';

/** CREDIT takes back a CHARGE for days that it no longer holds for; a discount has lines of its own beside its charge. */
export const lineKinds = ['CHARGE', 'DISCOUNT', 'CREDIT', 'DISCOUNT_CREDIT'] as const;
export type LineKind = (typeof lineKinds)[number];

/** One line: what it costs, and why. Credits and discounts have a negative amount; the unit price of a discount is negative. */
export interface AgreementLine extends RatedCharge {
  readonly kind: LineKind;
  readonly productCode: string;
  readonly productName: string;
}

/** A change of an agreement on a day. */
export interface AgreementChange {
  /** What held before; null for a new subscription. */
  readonly before: Agreement | null;
  readonly after: Agreement;
  /** The day on which it is asked for. */
  readonly on: LocalDate;
  /** The day by which bills are: later than `on` when a change is recorded for a day in the past. */
  readonly today: LocalDate;
}

/**
 * What a change comes to: the credit of what was billed before for the days from the change on, then the charge of what holds
 * now for the days up to which is billed. Items that are the same before and after show only the days by which they differ.
 * Every line is rounded once, and a credit is exactly the negative of the charge for the same days and ratio.
 */
export function changeLines(change: AgreementChange): AgreementLine[] {
  const { before, after } = change;
  const from = firstDay(change);
  const today = compareDates(change.today, from) > 0 ? change.today : from;
  const credited = before === null ? from : billedUntil(before, today);
  const charged = billedUntil(after, today);
  const isSame = (item: AgreedItem) => {
    const other = before === null ? undefined : itemOf(before.items, item.productCode);
    return other !== undefined && sameItem(other, item) && sameBilling(before, after);
  };
  const gone = (before?.items ?? []).filter((item) => {
    const other = itemOf(after.items, item.productCode);
    return other === undefined || !isSame(other);
  });
  const kept = after.items.filter(isSame);
  const fresh = after.items.filter((item) => !isSame(item));
  return [
    ...(before === null ? [] : creditLines(before, gone, { start: from, end: credited })),
    ...(before === null
      ? []
      : creditLines(before, kept, { start: charged > from ? charged : from, end: credited })),
    ...recurringLines(after, kept, { start: credited > from ? credited : from, end: charged }),
    ...recurringLines(after, fresh, { start: from, end: charged }),
    ...oneTimeLines(before, after, from),
  ];
}

/** A policy may count the day of a change as used; the first day of a term is always charged. */
function firstDay({ before, after, on }: AgreementChange): LocalDate {
  const beginsTerm = before === null || (after.term.startDate === on && before.term.startDate !== on);
  return beginsTerm ? on : prorationPolicies[before.billing.policy].effectiveFrom(on);
}

/** The charges of every item that comes again, for days within the agreement: what a billing run bills. */
export function periodLines(agreement: Agreement, period: LocalPeriod): AgreementLine[] {
  return recurringLines(agreement, agreement.items, period);
}

function recurringLines(
  agreement: Agreement,
  items: readonly AgreedItem[],
  period: LocalPeriod,
): AgreementLine[] {
  if (isEmptyPeriod(period)) return [];
  return items.filter(comesAgain).flatMap((item) => itemLines(agreement, item, period));
}

function creditLines(
  agreement: Agreement,
  items: readonly AgreedItem[],
  period: LocalPeriod,
): AgreementLine[] {
  return recurringLines(agreement, items, period).map(credit);
}

/** What is bought once is charged when it is added, in full, for the rest of the term; it is never credited. */
function oneTimeLines(before: Agreement | null, after: Agreement, from: LocalDate): AgreementLine[] {
  if (after.trial) return [];
  const start = compareDates(from, after.term.startDate) < 0 ? after.term.startDate : from;
  return after.items
    .filter((item) => !comesAgain(item))
    .flatMap((item) => {
      const had = before === null || before.trial ? undefined : itemOf(before.items, item.productCode);
      const added = item.quantity - (had?.quantity ?? 0);
      if (added <= 0) return [];
      return itemLines(after, { ...item, quantity: added }, { start, end: after.term.endDate });
    });
}

function itemLines(agreement: Agreement, item: AgreedItem, period: LocalPeriod): AgreementLine[] {
  const { productCode, productName } = item;
  const rate = (unitPrice: string) =>
    ratePeriods({
      unitPrice,
      currency: agreement.currency,
      pricePeriod: item.pricePeriod,
      billingPeriod: agreement.billing.period,
      quantity: item.quantity,
      anchor: agreement.billing.anchor,
      servicePeriod: period,
      policy: agreement.billing.policy,
    });
  const off = discountUnitPrice(item);
  const discounts = off === null ? [] : rate(off);
  return rate(item.unitPrice).flatMap((charge, index) => {
    const discount = discounts[index];
    return [
      { kind: 'CHARGE' as const, productCode, productName, ...charge },
      ...(discount === undefined
        ? []
        : [{ kind: 'DISCOUNT' as const, productCode, productName, ...discount }]),
    ];
  });
}

function credit(line: AgreementLine): AgreementLine {
  const kind = line.kind === 'DISCOUNT' ? 'DISCOUNT_CREDIT' : 'CREDIT';
  return { ...line, kind, amount: negate(line.amount) };
}

function comesAgain(item: AgreedItem): boolean {
  return item.pricePeriod !== 'ONE_TIME';
}

function sameBilling(before: Agreement | null, after: Agreement): boolean {
  return (
    before !== null &&
    before.trial === after.trial &&
    before.billing.period === after.billing.period &&
    before.billing.anchor === after.billing.anchor &&
    before.billing.policy === after.billing.policy
  );
}

import { prorationPolicies } from '../billing/proration.js';
import { type RatedCharge, ratePeriods } from '../billing/rating.js';
import { compareDates, type LocalDate } from '../calendar.js';
import { negate } from '../money.js';
import { isEmptyPeriod, type LocalPeriod } from '../period.js';
import { type AgreedItem, type Agreement, itemOf, sameItem } from './agreement.js';
import { billedUntil, billingPeriodContaining } from './billed.js';
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
 * now for the days up to which is billed. Items that are the same before and after show only the billing periods in which their
 * days differ. Every line is rounded once. A credit always gives back the rest of one charge, to the very day on which that
 * ends, so it never comes to more than the charge, and all of a charge given back is exactly its negative.
 */
export function changeLines(change: AgreementChange): AgreementLine[] {
  const { before, after, on, today } = change;
  const from = firstDay(change);
  const credited = before === null ? from : billedUntil(before, today);
  const charged = billedUntil(after, today);
  const differsFrom = firstDifference(after, { from, credited, charged });
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
    ...(before === null ? [] : creditLines(before, kept, { start: differsFrom, end: credited })),
    ...recurringLines(after, kept, { start: differsFrom, end: charged }),
    ...recurringLines(after, fresh, { start: from, end: charged }),
    ...oneTimeLines(before, after, on),
  ];
}

/** A policy may count the day of a change as used; the first day of a term, or of what was a trial, is always charged. */
function firstDay({ before, after, on }: AgreementChange): LocalDate {
  if (before === null || before.trial) return on;
  const beginsTerm = after.term.startDate === on && before.term.startDate !== on;
  return beginsTerm ? on : prorationPolicies[before.billing.policy].effectiveFrom(on);
}

/** How far a change finds bills made, and how far it makes them, from its first day on. */
interface Billed {
  readonly from: LocalDate;
  readonly credited: LocalDate;
  readonly charged: LocalDate;
}

/**
 * The first day of what is billed anew of an item that stays the same. When its bills come to end on another day within a
 * billing period, what is billed of that period is given back and charged again as one piece: two pieces, each rounded, would
 * not come to what is given back of them later.
 */
function firstDifference(agreement: Agreement, { from, credited, charged }: Billed): LocalDate {
  if (credited === charged) return later(from, charged);
  const differing = credited < charged ? credited : charged;
  return later(from, billingPeriodContaining(agreement, differing).start);
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

/** What is bought once is charged when it is added, in full, from that day to the end of the term; it is never credited. */
function oneTimeLines(before: Agreement | null, after: Agreement, on: LocalDate): AgreementLine[] {
  if (after.trial) return [];
  const start = later(on, after.term.startDate);
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

function later(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) >= 0 ? left : right;
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

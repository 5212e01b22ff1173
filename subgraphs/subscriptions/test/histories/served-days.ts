import { type Agreement, itemOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { addDays, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { BilledLine } from '../../src/domain/billed-line.js';
import type { SubscriptionVersion } from '../../src/domain/subscription.js';

/** What of one charge, or of its discount, still stands: the days up to `end`. */
export interface Piece {
  readonly line: BilledLine;
  readonly end: LocalDate;
}

/** Of a charge and of its discount, account is kept apart. */
export type ChargeKind = 'CHARGE' | 'DISCOUNT';

const creditOf = { CHARGE: 'CREDIT', DISCOUNT: 'DISCOUNT_CREDIT' } as const;

/**
 * Keeps account of the charges (or the discounts) of a product that comes again. Each charge opens a piece, each credit must
 * take the end of exactly one piece, at the terms of its charge, and to no more than its amount; all of it back is all of it.
 * Throws an Error that names the line which breaks this.
 */
export function piecesOf(
  lines: readonly BilledLine[],
  productCode: string,
  kind: ChargeKind,
): readonly Piece[] {
  let pieces: Piece[] = [];
  for (const line of lines.filter(
    (one) => one.productCode === productCode && one.pricePeriod !== 'ONE_TIME',
  )) {
    if (line.kind === kind) pieces = opened(pieces, line);
    if (line.kind === creditOf[kind]) pieces = creditedBy(pieces, line);
  }
  return pieces;
}

function opened(pieces: readonly Piece[], line: BilledLine): Piece[] {
  const overlapped = pieces.find(
    (piece) => piece.line.serviceStart < line.serviceEnd && line.serviceStart < piece.end,
  );
  if (overlapped !== undefined) throw new Error(`Charged twice: ${show(overlapped.line)} and ${show(line)}`);
  return [...pieces, { line, end: line.serviceEnd }];
}

function creditedBy(pieces: readonly Piece[], credit: BilledLine): Piece[] {
  const piece = pieces.find(
    ({ line, end }) => line.serviceStart <= credit.serviceStart && credit.serviceStart < end,
  );
  if (piece === undefined) throw new Error(`Nothing to credit: ${show(credit)}`);
  const { line, end } = piece;
  const isRest = credit.serviceEnd === end && end === line.serviceEnd;
  if (!isRest) throw new Error(`No rest of ${show(line)}, which stands up to ${end}: ${show(credit)}`);
  if (
    line.quantity !== credit.quantity ||
    line.unitPrice !== credit.unitPrice ||
    line.tax.rate !== credit.tax.rate
  ) {
    throw new Error(`Credited at other terms than ${show(line)}: ${show(credit)}`);
  }
  if (magnitude(credit.amount.minor) > magnitude(line.amount.minor)) {
    throw new Error(`Credited more than ${show(line)}: ${show(credit)}`);
  }
  if (magnitude(credit.tax.amount.minor) > magnitude(line.tax.amount.minor)) {
    throw new Error(`Credited more tax than ${show(line)}: ${show(credit)}`);
  }
  const others = pieces.filter((one) => one !== piece);
  if (credit.serviceStart > line.serviceStart) return [...others, { line, end: credit.serviceStart }];
  if (credit.amount.minor !== -line.amount.minor)
    throw new Error(`Not all of ${show(line)}: ${show(credit)}`);
  return others;
}

/** Days for which one version says what was agreed of a product. */
export interface AgreedDays {
  readonly start: LocalDate;
  readonly end: LocalDate;
  readonly agreement: Agreement;
}

/** The days for which a product was agreed, by every version from its own first day on up to the first day of the next one. */
export function agreedDaysOf(
  versions: readonly SubscriptionVersion[],
  productCode: string,
  until: LocalDate,
): AgreedDays[] {
  return versions.flatMap((version, index) => {
    const { agreement } = version;
    const item = itemOf(agreement.items, productCode);
    if (item === undefined || item.pricePeriod === 'ONE_TIME' || agreement.trial) return [];
    const next = versions.slice(index + 1).map((later, at) => firstChargedDay(versions[index + at], later));
    const start = greatest(firstChargedDay(versions[index - 1], version), agreement.term.startDate);
    const end = least(until, agreement.term.endDate, ...stopsOf(version), ...next);
    return start < end ? [{ start, end, agreement }] : [];
  });
}

/** The first day that a version is charged for: the day after its own where the policy counts the day of a change as used. */
function firstChargedDay(
  before: SubscriptionVersion | undefined,
  { effectiveOn, agreement }: SubscriptionVersion,
): LocalDate {
  if (before === undefined || before.agreement.trial || before.agreement.billing.policy !== 'INCLUSIVE_DAYS')
    return effectiveOn;
  const beginsTerm =
    agreement.term.startDate === effectiveOn && before.agreement.term.startDate !== effectiveOn;
  return beginsTerm ? effectiveOn : addDays(effectiveOn, 1);
}

function stopsOf({ agreement: { suspendedOn, canceledOn, billing } }: SubscriptionVersion): LocalDate[] {
  const used = billing.policy === 'INCLUSIVE_DAYS' ? 1 : 0;
  return [suspendedOn, canceledOn].filter((day) => day !== null).map((day) => addDays(day, used));
}

function show({
  kind,
  productCode,
  serviceStart,
  serviceEnd,
  amount,
  quantity,
  unitPrice,
}: BilledLine): string {
  return `${kind} ${productCode} ${quantity} x ${unitPrice} ${serviceStart} to ${serviceEnd}: ${amount.minor}`;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function least(first: LocalDate, ...others: readonly LocalDate[]): LocalDate {
  return others.reduce((found, day) => (day < found ? day : found), first);
}

function greatest(left: LocalDate, right: LocalDate): LocalDate {
  return left > right ? left : right;
}

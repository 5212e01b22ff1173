import { discountUnitPrice } from '@fulfillment/kernel/domain/agreement/discount';
import { rateCharge } from '@fulfillment/kernel/domain/billing/rating';
import { type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { BilledLine } from '../../src/domain/billed-line.js';
import type { History } from './history.js';
import { type AgreedDays, agreedDaysOf, type Piece, piecesOf } from './served-days.js';

/** Days of service at one price: how both the bills and the versions are told, to be compared. */
interface Served {
  readonly start: LocalDate;
  readonly end: LocalDate;
  readonly terms: string;
}

const kinds = ['CHARGE', 'DISCOUNT'] as const;

/** The codes of the products of a history. */
export function productsOf({ lines, versions }: History): string[] {
  const agreed = versions.flatMap(({ agreement }) => agreement.items);
  return [...new Set([...lines, ...agreed].map(({ productCode }) => productCode))];
}

/** What is billed of a product day by day, and what was agreed for these days: the two must be equal. */
export function servedAndAgreed(history: History, productCode: string, kind: (typeof kinds)[number]) {
  const pieces = piecesOf(history.lines, productCode, kind);
  const agreed = agreedDaysOf(history.versions, productCode, billedTo(history));
  return {
    served: joined(pieces.map(({ line, end }) => ({ start: line.serviceStart, end, terms: termsOf(line) }))),
    agreed: joined(
      agreed.flatMap(({ start, end, item }) => {
        const unitPrice = kind === 'CHARGE' ? item.unitPrice : discountUnitPrice(item);
        return unitPrice === null ? [] : [{ start, end, terms: termsOf({ ...item, unitPrice }) }];
      }),
    ),
  };
}

/** What the charges that still stand are, and what the price comes to that was agreed for their days. */
export function chargedAndRated(history: History, productCode: string, kind: (typeof kinds)[number]) {
  const agreed = agreedDaysOf(history.versions, productCode, '9999-12-31' as LocalDate);
  return piecesOf(history.lines, productCode, kind).map((piece) => ({
    line: piece.line.amount.minor,
    rated: ratedAmount(piece, agreed),
  }));
}

function ratedAmount({ line }: Piece, agreed: readonly AgreedDays[]): bigint | null {
  const days = agreed.find(({ start, end }) => start <= line.serviceStart && line.serviceStart < end);
  if (days === undefined) return null;
  const { billing, currency } = days.agreement;
  const { unitPrice, quantity, pricePeriod } = line;
  const servicePeriod = { start: line.serviceStart, end: line.serviceEnd };
  const { anchor, policy, period: billingPeriod } = billing;
  return rateCharge({
    unitPrice,
    quantity,
    pricePeriod,
    currency,
    anchor,
    policy,
    billingPeriod,
    servicePeriod,
  }).amount.minor;
}

/** The sum of a product's lines of some kinds, and of their tax. */
export function sumOf(lines: readonly BilledLine[], kindsOfLines: readonly BilledLine['kind'][]) {
  const counted = lines.filter(({ kind }) => kindsOfLines.includes(kind));
  return {
    net: counted.reduce((sum, { amount }) => sum + amount.minor, 0n),
    tax: counted.reduce((sum, { tax }) => sum + tax.amount.minor, 0n),
  };
}

/** A day of change may be billed a day beyond what the head says is billed: it counts as used. */
function billedTo({ end }: History): LocalDate {
  return end.billedUntil;
}

function termsOf({
  quantity,
  unitPrice,
  pricePeriod,
}: Pick<BilledLine, 'quantity' | 'unitPrice' | 'pricePeriod'>) {
  return `${quantity} x ${unitPrice} a ${pricePeriod}`;
}

/** In order, with days that follow each other at the same terms as one. */
function joined(parts: readonly Served[]): Served[] {
  const all: Served[] = [];
  for (const part of parts.toSorted((left, right) => (left.start < right.start ? -1 : 1))) {
    const last = all.at(-1);
    if (last !== undefined && last.end === part.start && last.terms === part.terms) {
      all[all.length - 1] = { ...last, end: part.end };
    } else {
      all.push(part);
    }
  }
  return all;
}

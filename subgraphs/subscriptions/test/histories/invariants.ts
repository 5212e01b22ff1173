import { type Agreement, endOf, itemOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { discountUnitPrice } from '@fulfillment/kernel/domain/agreement/discount';
import { rateCharge } from '@fulfillment/kernel/domain/billing/rating';
import { addDays, type LocalDate, localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { BilledLine } from '../../src/domain/billed-line.js';
import { dueWork } from '../../src/domain/due-work.js';
import { fulfillOrder } from '../../src/domain/fulfillment.js';
import type { PlacedOrder } from '../../src/domain/placed-order.js';
import { highestUse } from '../../src/domain/reconciliation/seat-usage.js';
import type { JudgedBy } from '../../src/domain/reconciliation/judged-days.js';
import { modeOn } from '../../src/domain/reconciliation/mode.js';
import { planOfVersion, versionAsOf } from '../../src/domain/subscription.js';
import type { Attempt, DueRun, History, TrueUp } from './history.js';
import type { SeatPreview, Settlement } from './seats.js';
import { type AgreedDays, agreedDaysOf, type ChargeKind, type Piece, piecesOf } from './served-days.js';

/** What must hold of every history. Each throws where it does not. */
export const invariants: Readonly<Record<string, (history: History) => void>> = {
  '1. what was done by itself is not done again, and comes to the same in one go as in two': (history) => {
    const { end, today, now, runs, bills } = history;
    const again = dueWork(end, { through: today, beforeTermEnd: false, at: now });
    assert.deepEqual([again.versions, again.bills, again.billedUntil], [[], [], end.billedUntil]);
    assert.equal(again.head, end.head);
    for (const run of runs.slice(-3)) assertSameInTwo(run);
    const documents = bills.map(({ on, version }) => `${on} of version ${version.version}`);
    assert.deepEqual(documents, [...new Set(documents)]);
  },

  '2. an order is carried out as it was previewed, and refused with a cent more or less': ({ attempts }) => {
    for (const attempt of attempts) assertAsPreviewed(attempt);
  },

  '3. what is billed of a product for a day is what was agreed for it, at exactly its price': (history) => {
    for (const { productCode, kind } of accountsOf(history)) {
      const agreed = agreedDaysOf(history.versions, productCode, localDate('9999-12-31'));
      for (const piece of piecesOf(history.lines, productCode, kind)) {
        assert.equal(piece.line.amount.minor, ratedAmount(piece, agreed));
      }
    }
    for (const trueUp of history.trueUps) assertPricedAsAgreed(trueUp, history);
  },

  '4. the service periods of a charge meet; a suspension is the only gap': (history) => {
    for (const { productCode, kind } of accountsOf(history)) {
      const { served, agreed } = servedAndAgreed(history, productCode, kind);
      assert.deepEqual(served, agreed);
    }
    assertNoSeatTwice(history);
  },

  '5. versions are numbered without gaps, and each is read back as of its day and its instant': ({
    versions,
    end,
  }) => {
    const numbers = versions.map(({ version }) => version);
    assert.deepEqual(
      numbers,
      [...numbers.keys()].map((index) => index + 1),
    );
    assert.equal(versionAsOf(versions, localDate('9999-12-31'), null), end.head);
    for (const [index, version] of versions.entries()) {
      const newer = versions.slice(index + 1);
      const known = newer.findLast(({ recordedAt }) => recordedAt <= version.recordedAt) ?? version;
      assert.equal(versionAsOf(versions, localDate('9999-12-31'), version.recordedAt), known);
      const holding = newer.findLast(({ effectiveOn }) => effectiveOn <= version.effectiveOn) ?? version;
      assert.equal(versionAsOf(versions, version.effectiveOn, null), holding);
    }
    const [first] = versions;
    assert.ok(first !== undefined && versionAsOf(versions, addDays(first.effectiveOn, -1), null) === null);
  },

  '6. no product is ever given back more, net or tax, than was charged for it': (history) => {
    for (const { productCode, kind } of accountsOf(history)) {
      const all = [...history.lines, ...history.trueUps.flatMap(({ lines }) => lines)];
      const left = all.filter((line) => line.productCode === productCode && isOf(line, kind));
      const sign = kind === 'CHARGE' ? 1n : -1n;
      let net = 0n;
      let tax = 0n;
      for (const { amount, tax: lineTax } of left) {
        net += sign * amount.minor;
        tax += sign * lineTax.amount.minor;
        assert.ok(net >= 0n && tax >= 0n, `${productCode} ${kind}: ${net} and ${tax} are left`);
      }
    }
  },

  '7. overage is billed once, as it was previewed, within its term and never for a trial': ({
    settlements,
    seatPreviews,
  }) => {
    for (const settlement of settlements) assertSettledOnce(settlement, seatPreviews);
  },
};

/** Billed once, as it was previewed, within its term, and never without overage or while it was off. */
function assertSettledOnce(settlement: Settlement, previews: readonly SeatPreview[]): void {
  const { outcome, again, usage, term, day, on, by } = settlement;
  if (outcome === null) return;
  assert.equal(outcome.version.agreement.trial, false);
  assert.equal(again, null);
  assert.ok(outcome.seats > 0 || outcome.lines.length === 0);
  if (outcome.seats === 0) return;
  if (outcome.kind === 'QUARTERLY') {
    assert.ok(!day.isEnd && on < endOf(outcome.version.agreement), `A last quarter: ${day.on}`);
  } else {
    assert.ok(outcome.kind === 'TRUE_UP' && day.isEnd);
  }
  // A policy may charge the day of a cancellation too.
  const { endDate } = outcome.version.agreement.term;
  for (const { serviceStart, serviceEnd } of outcome.lines) {
    assert.ok(term.start <= serviceStart && serviceEnd <= endDate);
  }
  const { history } = by;
  const agreed = history.filter(({ agreement }) => agreement.term.startDate === term.start);
  const fewest = Math.min(...agreed.map((version) => planOfVersion(version).quantity));
  assert.ok(outcome.seats <= highestUse(usage, term) - fewest);
  const isOver = usage.days.some(({ start, users }) => {
    const version = versionAsOf(history, start, null);
    if (version === null || start >= day.on) return false;
    return users > planOfVersion(version).quantity && modeOn(start, version, by) !== 'OFF';
  });
  assert.ok(isOver, 'Billed who was never over');
  for (const preview of previews) {
    const isSame = preview.due === day.on && on === day.on && knowsAsMuch(preview.by, by);
    if (isSame && isDeepStrictEqual(preview.usage, usage)) {
      assert.deepEqual(preview.outcome?.lines, outcome.lines);
    }
  }
}

/** What is known of a subscription only grows. */
function knowsAsMuch(left: JudgedBy, right: JudgedBy): boolean {
  return (
    left.history.length === right.history.length &&
    left.agreedModes.length === right.agreedModes.length &&
    left.settled.length === right.settled.length
  );
}

/** Every line of a true-up is for days of one price that was agreed for all of them, and is exactly that. */
function assertPricedAsAgreed({ lines, settlement }: TrueUp, { versions }: History): void {
  const owner = settlement.outcome?.version.accountId;
  for (const line of lines) {
    const { productCode, serviceStart, serviceEnd, unitPrice, kind } = line;
    const all = agreedDaysOf(versions, productCode, localDate('9999-12-31'));
    const days = all
      .filter(({ start, end }) => start < serviceEnd && serviceStart < end)
      .toSorted((left, right) => (left.start < right.start ? -1 : 1));
    assert.ok(days.length > 0, `Nothing was agreed for ${productCode} on ${serviceStart}`);
    let reached = serviceStart;
    for (const { start, end, agreement } of days) {
      assert.ok(start <= reached, `Nothing was agreed for ${productCode} on ${reached}`);
      reached = end;
      const item = itemOf(agreement.items, productCode);
      const agreed = item === undefined ? null : kind === 'CHARGE' ? item.unitPrice : discountUnitPrice(item);
      assert.equal(agreed, unitPrice);
      assert.equal(versionAsOf(versions, serviceStart, null)?.accountId, owner);
    }
    assert.ok(serviceEnd <= reached);
    assert.equal(line.amount.minor, ratedAmount({ line, end: serviceEnd }, days));
  }
}

/** On no day are more seats charged than were agreed for it or used at the most, and no true-up is for days of another one. */
function assertNoSeatTwice({ trueUps, versions, settlements }: History): void {
  const charged = trueUps.flatMap(({ lines, settlement }) =>
    lines.filter(({ kind }) => kind === 'CHARGE').map((line) => ({ line, settlement })),
  );
  for (const [index, { line, settlement }] of charged.entries()) {
    const overlapping = charged
      .slice(index + 1)
      .find(
        (other) => other.line.serviceStart < line.serviceEnd && line.serviceStart < other.line.serviceEnd,
      );
    assert.equal(overlapping, undefined, `Charged twice: ${line.serviceStart}`);
    const highest = Math.max(
      ...settlements
        .filter(({ term }) => term.start === settlement.term.start)
        .map((one) => highestUse(one.usage, one.term)),
    );
    for (const { start, end, agreement } of agreedDaysOf(versions, line.productCode, line.serviceEnd)) {
      if (end <= line.serviceStart || start >= line.serviceEnd) continue;
      const agreed = itemOf(agreement.items, line.productCode)?.quantity ?? 0;
      assert.ok(
        agreed + line.quantity <= highest,
        `${agreed} and ${line.quantity} beyond ${highest} on ${start}`,
      );
    }
  }
}

/** What ended on its first day cost nothing, but for what was bought once. */
export function assertCostsNothing(history: History): void {
  assert.equal(history.end.head.agreement.canceledOn, history.versions[0]?.effectiveOn);
  for (const { productCode, kind } of accountsOf(history)) {
    assert.deepEqual(piecesOf(history.lines, productCode, kind), []);
    const lines = history.lines.filter((line) => line.productCode === productCode && isOf(line, kind));
    const recurring = lines.filter(({ pricePeriod }) => pricePeriod !== 'ONE_TIME');
    assert.equal(
      recurring.reduce((sum, { amount }) => sum + amount.minor, 0n),
      0n,
    );
    assert.equal(
      recurring.reduce((sum, { tax }) => sum + tax.amount.minor, 0n),
      0n,
    );
  }
}

const kinds: readonly ChargeKind[] = ['CHARGE', 'DISCOUNT'];

function accountsOf({ lines, versions }: History) {
  const agreed = versions.flatMap(({ agreement }) => agreement.items);
  const products = new Set([...lines, ...agreed].map(({ productCode }) => productCode));
  return [...products].flatMap((productCode) => kinds.map((kind) => ({ productCode, kind })));
}

function isOf(line: BilledLine, kind: ChargeKind): boolean {
  return line.kind === kind || line.kind === (kind === 'CHARGE' ? 'CREDIT' : 'DISCOUNT_CREDIT');
}

function assertSameInTwo({ before, through, at }: DueRun): void {
  const once = dueWork(before, { through, beforeTermEnd: false, at });
  const early = dueWork(before, { through, beforeTermEnd: true, at });
  const late = dueWork(early, { through, beforeTermEnd: false, at });
  assert.deepEqual([...early.bills, ...late.bills], once.bills);
  assert.deepEqual([...early.versions, ...late.versions], once.versions);
  assert.equal(once.billedUntil, billedUntil(once.head.agreement, through));
}

/** What orders refuses, subscriptions refuses; what orders takes, it carries out, unless something came in between. */
function assertAsPreviewed({ order, refusal, outcome, facts, at, metAsPriced }: Attempt): void {
  if (refusal !== null) {
    assert.equal(outcome.ok, false);
    return;
  }
  if (!outcome.ok) {
    assert.equal(outcome.error.code, 'SUBSCRIPTION_CHANGED');
    const [held] = facts.held.values();
    const [settledUntil = order.effectiveDate] = facts.seatsSettledUntil.values();
    const isTooEarly =
      held !== undefined &&
      (order.effectiveDate < held.head.effectiveOn || order.effectiveDate < settledUntil);
    assert.ok(!metAsPriced || isTooEarly);
    return;
  }
  for (const changed of withACentChanged(order)) {
    const refused = fulfillOrder(changed, facts, at);
    assert.equal(refused.ok ? null : refused.error.code, 'PRICE_CHANGED');
  }
}

function withACentChanged(order: PlacedOrder): PlacedOrder[] {
  const { currency, total, charges } = order;
  const [first, ...others] = charges;
  const more = { ...order, total: money(total.minor + 1n, currency) };
  if (first === undefined) return [more];
  const { amount, tax } = first;
  const less = money(total.minor - 1n, currency);
  const cheaper = { ...first, amount: money(amount.minor - 1n, currency) };
  const untaxed = { ...first, tax: { ...tax, amount: money(tax.amount.minor - 1n, currency) } };
  return [
    more,
    { ...order, charges: [cheaper, ...others], total: less },
    { ...order, charges: [untaxed, ...others], total: less },
    { ...order, charges: others },
    { ...order, charges: [...charges, first] },
  ];
}

function ratedAmount({ line }: Piece, agreed: readonly AgreedDays[]): bigint {
  const days = agreed.find(({ start, end }) => start <= line.serviceStart && line.serviceStart < end);
  assert.ok(days !== undefined, `Nothing was agreed for ${line.productCode} on ${line.serviceStart}`);
  const { anchor, policy, period } = days.agreement.billing;
  const { currency } = days.agreement;
  const { unitPrice, quantity, pricePeriod, serviceStart, serviceEnd } = line;
  const servicePeriod = { start: serviceStart, end: serviceEnd };
  const price = { unitPrice, quantity, pricePeriod, currency };
  return rateCharge({ ...price, anchor, policy, billingPeriod: period, servicePeriod }).amount.minor;
}

/** Days of service at one price: how both the bills and the versions are told, to be compared. */
interface Served {
  readonly start: LocalDate;
  readonly end: LocalDate;
  readonly terms: string;
}

function servedAndAgreed({ lines, versions, end }: History, productCode: string, kind: ChargeKind) {
  const pieces = piecesOf(lines, productCode, kind);
  const agreed = agreedDaysOf(versions, productCode, end.billedUntil);
  return {
    served: joined(
      pieces.map(({ line, end: standsTo }) => ({
        start: line.serviceStart,
        end: standsTo,
        terms: termsOf(line),
      })),
    ),
    agreed: joined(
      agreed.flatMap(({ start, end: agreedTo, agreement }) => {
        const terms = agreedTerms(agreement, productCode, kind);
        return terms === null ? [] : [{ start, end: agreedTo, terms }];
      }),
    ),
  };
}

function agreedTerms({ items }: Agreement, productCode: string, kind: ChargeKind): string | null {
  const item = itemOf(items, productCode);
  if (item === undefined) return null;
  const unitPrice = kind === 'CHARGE' ? item.unitPrice : discountUnitPrice(item);
  return unitPrice === null ? null : termsOf({ ...item, unitPrice });
}

function termsOf({
  quantity,
  unitPrice,
  pricePeriod,
}: Pick<BilledLine, 'quantity' | 'unitPrice' | 'pricePeriod'>): string {
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

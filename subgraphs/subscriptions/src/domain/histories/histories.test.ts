import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Attempt, type History, liveHistory } from '../../../test/histories/history.js';
import { chargedAndRated, productsOf, servedAndAgreed, sumOf } from '../../../test/histories/invariants.js';
import { canceledOnFirstDay, type Scenario, scenario } from '../../../test/histories/scenario.js';
import { dueWork } from '../due-work.js';
import { fulfillOrder } from '../fulfillment.js';
import type { PlacedOrder } from '../placed-order.js';
import { versionAsOf } from '../subscription.js';

const numRuns = Number(process.env['HISTORIES'] ?? 1_000);
const seed = Number(process.env['HISTORIES_SEED'] ?? Date.now() % 2_147_483_647);
const timeout = Math.max(60_000, numRuns * 20);

/** Holds an invariant against as many random histories as are asked for. A failure prints its seed and the shortest case. */
function holds(invariant: (history: History) => void, scenarios: fc.Arbitrary<Scenario> = scenario): void {
  fc.assert(
    fc.property(scenarios, (drawn) => invariant(liveHistory(drawn))),
    { numRuns, seed },
  );
}

const kinds = ['CHARGE', 'DISCOUNT'] as const;

describe('any history of orders, clocks and time zones', () => {
  test(
    '1. what was done by itself is not done again, and in two goes comes to the same as in one',
    () => {
      holds(({ end, today, now, runs, bills }) => {
        const again = dueWork(end, { through: today, beforeTermEnd: false, at: now });
        expect([again.versions, again.bills, again.billedUntil]).toEqual([[], [], end.billedUntil]);
        expect(again.head).toBe(end.head);
        for (const { before, through, at } of runs) {
          const once = dueWork(before, { through, beforeTermEnd: false, at });
          const early = dueWork(before, { through, beforeTermEnd: true, at });
          const late = dueWork(early, { through, beforeTermEnd: false, at });
          expect([...early.bills, ...late.bills]).toEqual(once.bills);
          expect([...early.versions, ...late.versions]).toEqual(once.versions);
          expect(once.billedUntil).toBe(billedUntil(once.head.agreement, through));
        }
        const marks = bills.map(({ on, version }) => `${on} of version ${version.version}`);
        expect(new Set(marks).size).toBe(marks.length);
      });
    },
    timeout,
  );

  test(
    '2. what was previewed is what is billed: an order is carried out as it was shown, and not with a cent more or less',
    () => {
      holds(({ attempts }) => {
        for (const attempt of attempts) expectAsPreviewed(attempt);
      });
    },
    timeout,
  );

  test(
    '3. what is billed of each product for each day is what was agreed for it, at the price of that',
    () => {
      holds((history) => {
        for (const productCode of productsOf(history)) {
          for (const kind of kinds) {
            const { served, agreed } = servedAndAgreed(history, productCode, kind);
            expect(served).toEqual(agreed);
            for (const { line, rated } of chargedAndRated(history, productCode, kind))
              expect(line).toBe(rated);
          }
        }
      });
    },
    timeout,
  );

  test(
    '3. what ends on its first day costs nothing, whatever was done to it before',
    () => {
      holds((history) => {
        expect(history.end.head.agreement.canceledOn).toBe(history.versions[0]?.effectiveOn);
        const recurring = history.lines.filter(({ pricePeriod }) => pricePeriod !== 'ONE_TIME');
        for (const productCode of productsOf(history)) {
          const lines = recurring.filter((line) => line.productCode === productCode);
          expect(sumOf(lines, ['CHARGE', 'CREDIT'])).toEqual({ net: 0n, tax: 0n });
          expect(sumOf(lines, ['DISCOUNT', 'DISCOUNT_CREDIT'])).toEqual({ net: 0n, tax: 0n });
        }
      }, canceledOnFirstDay);
    },
    timeout,
  );

  test(
    '5. versions are numbered without gaps; the head holds now, and every earlier one held when it was the newest',
    () => {
      holds(({ versions, end }) => {
        expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
        expect(versions.at(-1)).toBe(end.head);
        expect(versionAsOf(versions, localDate('9999-12-31'), null)).toBe(end.head);
        for (const [index, version] of versions.entries()) {
          const newer = versions.slice(index + 1);
          const known = newer.filter(({ recordedAt }) => recordedAt <= version.recordedAt).at(-1) ?? version;
          expect(versionAsOf(versions, localDate('9999-12-31'), version.recordedAt)).toBe(known);
          const holding =
            newer.filter(({ effectiveOn }) => effectiveOn <= version.effectiveOn).at(-1) ?? version;
          expect(versionAsOf(versions, version.effectiveOn, null)).toBe(holding);
        }
        expect(
          versionAsOf(versions, addDays(versions[0]?.effectiveOn ?? end.billedUntil, -1), null),
        ).toBeNull();
      });
    },
    timeout,
  );

  test(
    '6. no more tax is given back than was charged',
    () => {
      holds(({ lines }) => {
        const charged = sumOf(lines, ['CHARGE']);
        const credited = sumOf(lines, ['CREDIT']);
        const discounted = sumOf(lines, ['DISCOUNT']);
        const undone = sumOf(lines, ['DISCOUNT_CREDIT']);
        expect(-credited.tax <= charged.tax && -credited.net <= charged.net).toBe(true);
        expect(undone.tax <= -discounted.tax && undone.net <= -discounted.net).toBe(true);
      });
    },
    timeout,
  );
});

/** Orders and subscriptions come to the same: both refuse, or both take it; with anything changed it is refused. */
function expectAsPreviewed({ order, refusal, outcome, facts, at, metAsPriced }: Attempt): void {
  if (refusal !== null) {
    expect(outcome.ok ? null : outcome.error.code).not.toBeNull();
    return;
  }
  if (!outcome.ok) {
    const reasons = ['SUBSCRIPTION_CHANGED'];
    expect(reasons).toContain(outcome.error.code);
    expect(metAsPriced && order.effectiveDate >= effectiveOnOf(facts)).toBe(false);
    return;
  }
  for (const changed of withACentChanged(order)) {
    const refused = fulfillOrder(changed, facts, at);
    expect(refused.ok ? null : refused.error.code).toBe('PRICE_CHANGED');
  }
}

function effectiveOnOf({ held }: Attempt['facts']): string {
  return [...held.values()][0]?.head.effectiveOn ?? '';
}

function withACentChanged(order: PlacedOrder): PlacedOrder[] {
  const { currency, total, charges } = order;
  const [first, ...others] = charges;
  const off = { ...order, total: money(total.minor + 1n, currency) };
  if (first === undefined) return [off];
  const cheaper = { ...first, amount: money(first.amount.minor - 1n, currency) };
  const { tax } = first;
  const untaxed = { ...first, tax: { ...tax, amount: money(tax.amount.minor - 1n, currency) } };
  const less = money(total.minor - 1n, currency);
  return [
    off,
    { ...order, charges: [cheaper, ...others], total: less },
    { ...order, charges: [untaxed, ...others], total: less },
    { ...order, charges: others, total },
    { ...order, charges: [...charges, first] },
  ];
}

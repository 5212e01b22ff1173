import { addDays, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { formatFixed } from '@fulfillment/kernel/domain/decimal';
import { sum } from '@fulfillment/kernel/domain/money';
import { ok } from '@fulfillment/kernel/domain/result';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  agreedYear,
  creation,
  orderFacts,
  subscribed,
  subscriptionId,
  today,
} from '../../../fixtures/order-facts.js';
import type { OrderFacts } from '../order/facts.js';
import { judgeOrder, type OrderRequest } from '../order/judge.js';
import { placeDraft } from '../order/place.js';
import { type FrozenDraft, freezeDraft, isSameDraft, priceChangedMessage } from './frozen-draft.js';

const sales = (day: LocalDate = today) => orderFacts({ audience: 'internal', today: day });

/** An order as it is priced by some facts. */
function judged(request: OrderRequest, facts: OrderFacts) {
  const draft = judgeOrder(request, facts);
  if (!draft.ok) throw new Error(JSON.stringify(draft.error));
  return { draft: draft.value, today: facts.today };
}
const frozen = (request: OrderRequest, facts: OrderFacts = sales()): FrozenDraft =>
  freezeDraft(judged(request, facts), request);

const request: OrderRequest = {
  actions: [creation({ addOns: [{ productCode: 'STORAGE', quantity: 2 }], discount: { percent: '5' } })],
};

describe('the day of an order', () => {
  test.each([
    ['that was not asked for is when it is placed', request, sales(), 'WHEN_PLACED'],
    ['that was asked for is fixed', { ...request, effectiveDate: today }, sales(), 'FIXED'],
    [
      'of a renewal is the end of the term',
      { actions: [{ renew: { subscriptionId } }] },
      subscribed(agreedYear()),
      'FIXED',
    ],
  ] as const)('%s', (_, asked, facts, day) => {
    expect(frozen(asked, facts).day).toBe(day);
  });
});

describe('an order that was priced again', () => {
  test('on the same day is the same', () => {
    expect(isSameDraft(frozen(request), frozen(request))).toBe(true);
  });

  test('for the day on which it is placed is the same on a later day, but for its dates', () => {
    const later = sales(addDays(today, 9));
    expect(isSameDraft(frozen(request), frozen(request, later))).toBe(true);
    const fixed = { ...request, effectiveDate: addDays(today, 9) };
    expect(isSameDraft(frozen(fixed), frozen(fixed, later))).toBe(true);
    expect(isSameDraft(frozen({ ...request, effectiveDate: today }), frozen(fixed))).toBe(false);
  });

  test('with proration costs something else on a later day', () => {
    const more: OrderRequest = {
      actions: [{ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 20 } }],
    };
    const before = frozen(more, subscribed(agreedYear()));
    const after = frozen(more, subscribed(agreedYear(), {}, { today: addDays(today, 1) }));
    expect(isSameDraft(before, after)).toBe(false);
  });

  test.each<[string, OrderRequest, OrderFacts]>([
    ['another quantity', { actions: [creation({ quantity: 11 })] }, sales()],
    ['another discount', { actions: [creation({ discount: { percent: '6' } })] }, sales()],
    [
      'a tax',
      request,
      { ...sales(), tax: ok({ rate: '19', jurisdiction: 'DE', reason: 'DOMESTIC' as const }) },
    ],
    [
      'a discount that does not end',
      {
        actions: [
          creation({
            addOns: [{ productCode: 'STORAGE', quantity: 2 }],
            discount: { percent: '5', renews: true },
          }),
        ],
      },
      sales(),
    ],
  ])('with %s is another one', (_, other, facts) => {
    expect(isSameDraft(frozen(request), frozen(other, facts))).toBe(false);
  });

  test('as a trial has no lines, and still another price', () => {
    const trial: OrderRequest = { actions: [creation({ trialDays: 30 })] };
    const dearer = new Map(
      [...sales().products].map(([code, product]) => [
        code,
        { ...product, prices: product.prices.map((price) => ({ ...price, unitPrice: '99.00' })) },
      ]),
    );
    const now = frozen(trial, { ...sales(), products: dearer });
    expect(now.lines).toEqual([]);
    expect(isSameDraft(frozen(trial), now)).toBe(false);
    expect(priceChangedMessage(frozen(trial), now, 'revise it.')).toBe(
      'It was shown as 0.00 USD with tax and comes to 0.00 USD by now, with other lines or terms: revise it.',
    );
  });
});

/** A discount that may be taken off Premium (29.00) or Ultimate (99.00). */
const discount = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: 0n, max: 100_000_000n }).map((units) => ({ percent: formatFixed(units, 6) })),
  fc.bigInt({ min: 0n, max: 2_900n }).map((units) => ({ amount: formatFixed(units, 2) })),
);
const asked = fc.record({
  planCode: fc.constantFrom('PREMIUM', 'ULTIMATE'),
  quantity: fc.integer({ min: 1, max: 1_000_000 }),
  billingPeriod: fc.constantFrom('MONTH' as const, 'QUARTER' as const, 'YEAR' as const),
  billingAlignment: fc.constantFrom('ANNIVERSARY' as const, 'CALENDAR' as const),
  discount,
});

test('what was frozen is what is placed, adds up to the cent, and no discount makes a price negative', () => {
  const placement = {
    id: '00000000-0000-4000-8000-0000000000ff',
    number: 'O-00000001',
    placedAt: new Date('2026-11-23T12:00:00.000Z'),
    placedBy: 'internal:jane',
    purchaseOrderNumber: null,
  };
  fc.assert(
    fc.property(asked, fc.constantFrom('0', '8.1', '19', '25.5'), (subscription, rate) => {
      const facts = { ...sales(), tax: ok({ rate, jurisdiction: 'DE', reason: 'DOMESTIC' as const }) };
      const order: OrderRequest = { actions: [creation(subscription)] };
      const shown = frozen(order, facts);
      const placed = placeDraft(judged(order, facts).draft, placement);
      const [{ id: actionId, subscriptionId: created } = { id: '', subscriptionId: '' }] = placed.actions;
      const identity = { actionId, subscriptionId: created };
      expect(placed.lines).toEqual(shown.lines.map((line) => ({ ...line, ...identity })));
      expect(placed.total).toEqual(shown.total);
      expect(isSameDraft(shown, frozen(order, facts))).toBe(true);

      const amounts = shown.lines.flatMap(({ amount, tax }) => [amount, tax.amount]);
      expect(sum(amounts, shown.currency)).toEqual(shown.total);
      for (const [index, line] of shown.lines.entries()) {
        const before = shown.lines[index - 1];
        if (line.kind !== 'DISCOUNT' || before === undefined) continue;
        expect(line.amount.minor).toBeLessThanOrEqual(0n);
        expect(before.amount.minor + line.amount.minor).toBeGreaterThanOrEqual(0n);
      }
    }),
    { numRuns: 500 },
  );
});

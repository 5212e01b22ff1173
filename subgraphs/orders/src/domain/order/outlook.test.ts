import { localDate } from '@fulfillment/kernel/domain/calendar';
import { formatAmount } from '@fulfillment/kernel/domain/money';
import { ok } from '@fulfillment/kernel/domain/result';
import { expect, test } from 'vitest';
import {
  agreedTrial,
  agreedYear,
  creation,
  orderFacts,
  subscribed,
  subscriptionId,
  today,
} from '../../../fixtures/order-facts.js';
import type { OrderActionInput } from './actions/index.js';
import type { OrderFacts } from './facts.js';
import { judgeOrder } from './judge.js';
import { nextInvoiceOf, valueChangeOf } from './outlook.js';

const tax = ok({ rate: '10', jurisdiction: 'NL', reason: 'DOMESTIC' } as const);

/** What comes next, in amounts. */
function outlook(facts: OrderFacts, actions: readonly OrderActionInput[]) {
  const judged = judgeOrder({ actions }, { ...facts, tax });
  if (!judged.ok) throw new Error(JSON.stringify(judged.error));
  const next = nextInvoiceOf(judged.value, today);
  const { mrr, arr, tcv } = valueChangeOf(judged.value);
  return {
    next: next && [next.date, formatAmount(next.net), formatAmount(next.total)],
    value: [mrr, arr, tcv].map(formatAmount),
  };
}

test.each<[string, OrderFacts, OrderActionInput[], string[] | null, string[]]>([
  [
    'more seats are on the next bill of a month',
    subscribed(agreedYear()),
    [{ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 15 } }],
    ['2026-12-01', '300.00', '330.00'],
    // Eight days of November, and eleven months.
    ['100.00', '1200.00', '1126.67'],
  ],
  [
    'what is billed by the year has no further bill within a year',
    orderFacts(),
    [creation()],
    null,
    ['290.00', '3480.00', '3480.00'],
  ],
  [
    'of two subscriptions the bill that comes first',
    subscribed(agreedYear()),
    [{ suspend: { subscriptionId } }, creation({ billingPeriod: 'MONTH' })],
    ['2026-12-23', '290.00', '319.00'],
    ['90.00', '1080.00', '1226.67'],
  ],
  [
    'bills of one day are one bill, each subscription as its last action leaves it',
    subscribed(agreedYear()),
    [
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 15 } },
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 20 } },
      creation({ quantity: 1, billingPeriod: 'MONTH', billingAlignment: 'CALENDAR' }),
    ],
    ['2026-12-01', '429.00', '471.90'],
    ['229.00', '2748.00', '2601.34'],
  ],
  [
    'a cancellation ends it',
    subscribed(agreedYear()),
    [{ cancel: { subscriptionId } }],
    null,
    ['-200.00', '-2400.00', '-2253.33'],
  ],
  [
    'a trial brings nothing',
    orderFacts(),
    [creation({ trialDays: 30, billingPeriod: 'MONTH' })],
    null,
    ['0.00', '0.00', '0.00'],
  ],
  [
    'a trial that becomes paid brings all of it',
    subscribed(agreedTrial()),
    [{ convertTrial: { subscriptionId } }],
    ['2026-12-23', '200.00', '220.00'],
    ['200.00', '2400.00', '2400.00'],
  ],
])('%s', (_, facts, actions, next, value) => {
  expect(outlook(facts, actions)).toEqual({ next, value });
});

test('a day in the future reckons from that day', () => {
  const effectiveDate = localDate('2027-03-15');
  const actions = [{ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 15 } }];
  const judged = judgeOrder({ effectiveDate, actions }, { ...subscribed(agreedYear()), tax });
  if (!judged.ok) throw new Error(JSON.stringify(judged.error));
  expect(nextInvoiceOf(judged.value, today)?.date).toBe('2027-04-01');
});

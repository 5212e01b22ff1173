import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { formatAmount } from '@fulfillment/kernel/domain/money';
import { describe, expect, test } from 'vitest';
import {
  draftOf,
  internal,
  lenient,
  minutes,
  on,
  refusals,
  shown,
  storage,
} from '../../../../fixtures/judged.js';
import {
  agreedPremium,
  agreedTrial,
  agreedYear,
  subscribed,
  subscriptionId,
} from '../../../../fixtures/order-facts.js';
import { draftLines } from '../judge.js';
import type { OrderActionInput } from './index.js';

describe('each action, on ten seats of Premium at 20.00 a month that are billed up to 1 December', () => {
  test.each<[string, OrderActionInput, Agreement, object, string[]]>([
    [
      'more seats at the contract’s price, from today',
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 15 } },
      agreedYear(),
      { kind: 'CHANGE_QUANTITY', quantity: 15, when: 'NOW' },
      ['CREDIT PREMIUM -53.33', 'CHARGE PREMIUM 80.00'],
    ],
    [
      'fewer seats, from the next term',
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 5 } },
      agreedYear(),
      { quantity: 5, when: 'RENEWAL' },
      [],
    ],
    [
      'fewer seats at once, where the contract allows it',
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 5, when: 'NOW' } },
      agreedYear(lenient),
      { quantity: 5, when: 'NOW' },
      ['CREDIT PREMIUM -53.33', 'CHARGE PREMIUM 26.67'],
    ],
    [
      'a better plan at the list price, from today',
      { changePlan: { subscriptionId, planCode: 'ULTIMATE' } },
      agreedYear(),
      { kind: 'CHANGE_PLAN', direction: 'UPGRADE', when: 'NOW', item: { unitPrice: '99.00', quantity: 10 } },
      ['CREDIT PREMIUM -53.33', 'CHARGE ULTIMATE 264.00'],
    ],
    [
      'a better plan with fewer seats, from the next term',
      { changePlan: { subscriptionId, planCode: 'ULTIMATE', quantity: 5 } },
      agreedYear(),
      { direction: 'DOWNGRADE', when: 'RENEWAL' },
      [],
    ],
    [
      'a smaller plan, from the next term',
      { changePlan: { subscriptionId, planCode: 'PREMIUM' } },
      agreedYear({ items: [agreedPremium({ productCode: 'ULTIMATE', productName: 'Ultimate' })] }),
      { direction: 'DOWNGRADE', when: 'RENEWAL', item: { unitPrice: '29.00' } },
      [],
    ],
    [
      'an add-on at the list price',
      { addProduct: { subscriptionId, productCode: 'STORAGE', quantity: 1 } },
      agreedYear(),
      { kind: 'ADD_PRODUCT', item: { unitPrice: '60.00', pricePeriod: 'YEAR' } },
      ['CHARGE STORAGE 1.33'],
    ],
    [
      'more of what is bought once, at the contract’s price',
      { addProduct: { subscriptionId, productCode: 'COMPUTE_MINUTES', quantity: 2 } },
      agreedYear({ items: [agreedPremium(), minutes] }),
      { item: { quantity: 2, unitPrice: '4.00' } },
      ['CHARGE COMPUTE_MINUTES 8.00'],
    ],
    [
      'an add-on less, from the next term',
      { removeProduct: { subscriptionId, productCode: 'STORAGE' } },
      agreedYear({ items: [agreedPremium(), storage] }),
      { kind: 'REMOVE_PRODUCT', when: 'RENEWAL' },
      [],
    ],
    [
      'an add-on less at once, where the contract allows it',
      { removeProduct: { subscriptionId, productCode: 'STORAGE', when: 'NOW' } },
      agreedYear({ ...lenient, items: [agreedPremium(), storage] }),
      { when: 'NOW' },
      ['CREDIT STORAGE -3.20'],
    ],
    [
      'a suspension',
      { suspend: { subscriptionId } },
      agreedYear(),
      { kind: 'SUSPEND' },
      ['CREDIT PREMIUM -53.33'],
    ],
    [
      'the end of a suspension',
      { resume: { subscriptionId } },
      agreedYear({ suspendedOn: on('2026-11-10') }),
      { kind: 'RESUME' },
      ['CHARGE PREMIUM 53.33'],
    ],
    [
      'a cancellation at once',
      { cancel: { subscriptionId } },
      agreedYear(),
      { kind: 'CANCEL', on: '2026-11-23' },
      ['CREDIT PREMIUM -53.33'],
    ],
    [
      'a cancellation at the end of the term',
      { cancel: { subscriptionId, timing: 'TERM_END' } },
      agreedYear(),
      { on: null },
      [],
    ],
    [
      'a cancellation on a day',
      { cancel: { subscriptionId, timing: 'ON_DATE', on: on('2026-11-28') } },
      agreedYear(),
      { on: '2026-11-28' },
      ['CREDIT PREMIUM -53.33', 'CHARGE PREMIUM 33.33'],
    ],
    [
      'another billing period',
      { changeTerms: { subscriptionId, billingPeriod: 'YEAR', autoRenewal: false } },
      agreedYear(),
      {
        kind: 'CHANGE_TERMS',
        billingPeriod: 'YEAR',
        autoRenewal: false,
        termMonths: null,
        upliftPercent: null,
      },
      ['CREDIT PREMIUM -53.33', 'CHARGE PREMIUM 2255.34'],
    ],
    [
      'a longer trial',
      { extendTrial: { subscriptionId, endDate: on('2027-02-08') } },
      agreedTrial(),
      { kind: 'EXTEND_TRIAL', endDate: '2027-02-08' },
      [],
    ],
    [
      'a trial that becomes paid',
      { convertTrial: { subscriptionId } },
      agreedTrial(),
      { kind: 'CONVERT_TRIAL', termMonths: 12, autoRenewal: true, billingAnchor: '2026-11-23' },
      ['CHARGE PREMIUM 200.00'],
    ],
    [
      'a trial that becomes paid by the calendar',
      { convertTrial: { subscriptionId, termMonths: 6, autoRenewal: false } },
      agreedTrial({ billing: { period: 'MONTH', anchor: on('2026-11-01'), policy: 'ACTUAL_DAYS' } }),
      { termMonths: 6, autoRenewal: false, billingAnchor: '2026-11-01' },
      ['CHARGE PREMIUM 53.33'],
    ],
  ])('%s', (_, action, agreement, change, lines) => {
    const draft = draftOf(subscribed(agreement), [action]);
    expect(draft.actions).toMatchObject([{ subscriptionId, baseVersion: 3, deployment: null, change }]);
    expect(shown(draft)).toEqual(lines);
  });

  test('a renewal takes effect at the end of the term, at the contract’s price with its uplift', () => {
    const agreement = agreedYear({
      renewal: { automatic: true, termMonths: 12, upliftPercent: '10', planned: [] },
    });
    const quantities = [{ productCode: 'PREMIUM', quantity: 4 }];
    const draft = draftOf(subscribed(agreement), [{ renew: { subscriptionId, termMonths: 24, quantities } }]);
    expect(draft.effectiveDate).toBe('2027-11-01');
    expect(draft.actions[0]?.after.term).toEqual({
      startDate: '2027-11-01',
      endDate: '2029-11-01',
      months: 24,
    });
    expect(shown(draft)).toEqual(['CHARGE PREMIUM 88.00']);
  });

  test('a discount that sales gives shows as a line of its own beside the charge', () => {
    const discount = { percent: '12.50', renews: true };
    const draft = draftOf(subscribed(agreedYear(), {}, internal), [
      { changePlan: { subscriptionId, planCode: 'ULTIMATE', discount } },
    ]);
    expect(draft.actions[0]?.change).toMatchObject({
      item: { discount: { kind: 'PERCENT', value: '12.5', renews: true } },
    });
    expect(shown(draft)).toEqual([
      'CREDIT PREMIUM -53.33',
      'CHARGE ULTIMATE 264.00',
      'DISCOUNT ULTIMATE -33.00',
    ]);
  });
});

describe('several actions on one subscription', () => {
  test('each builds on the one before, and what was charged by one is credited by the next', () => {
    const draft = draftOf(subscribed(agreedYear()), [
      { changePlan: { subscriptionId, planCode: 'ULTIMATE' } },
      {
        changeQuantity: {
          subscriptionId: subscriptionId.toUpperCase(),
          productCode: 'ULTIMATE',
          quantity: 20,
        },
      },
    ]);
    expect(shown(draft)).toEqual([
      'CREDIT PREMIUM -53.33',
      'CHARGE ULTIMATE 264.00',
      'CREDIT ULTIMATE -264.00',
      'CHARGE ULTIMATE 528.00',
    ]);
    expect(draftLines(draft).map(({ actionPosition }) => actionPosition)).toEqual([1, 1, 2, 2]);
    expect(formatAmount(draft.total)).toBe('474.67');
  });

  test('what follows a refused one is checked, but not carried out', () => {
    const actions: OrderActionInput[] = [
      { resume: { subscriptionId } },
      { removeProduct: { subscriptionId, productCode: 'STORAGE', when: 'NOW' } },
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 0 } },
    ];
    expect(refusals(subscribed(agreedYear()), actions)).toEqual([
      'NOT_SUSPENDED actions.0.resume',
      'QUANTITY_OUT_OF_RANGE actions.2.changeQuantity.quantity',
    ]);
  });
});

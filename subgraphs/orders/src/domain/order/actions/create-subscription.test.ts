import { describe, expect, test } from 'vitest';
import { draftOf, internal, on, refusals, shown } from '../../../../fixtures/judged.js';
import { creation, knownDeployment, orderFacts } from '../../../../fixtures/order-facts.js';
import type { OrderFacts } from '../facts.js';

describe('creation', () => {
  const path = 'actions.0.createSubscription';

  test('a trial costs nothing, is counted in days, and is not renewed unless that is asked for', () => {
    const draft = draftOf(orderFacts(), [creation({ trialDays: 30, billingAlignment: 'CALENDAR' })]);
    expect(draft).toMatchObject({ total: { minor: 0n }, actions: [{ lines: [] }] });
    expect(draft.actions[0]?.after).toMatchObject({
      trial: true,
      term: { startDate: '2026-11-23', endDate: '2026-12-23', months: null },
      renewal: { automatic: false, termMonths: 12 },
      items: [{ unitPrice: '29.00' }],
    });
  });

  test('a trial by the calendar that begins with a calendar year still knows so', () => {
    const draft = draftOf(orderFacts(), [creation({ trialDays: 30, billingAlignment: 'CALENDAR' })], {
      effectiveDate: on('2027-01-01'),
    });
    expect(draft.actions[0]?.after.billing.anchor).toBe('2026-01-01');
  });

  test('sales agrees on term, billing and prices', () => {
    const draft = draftOf(orderFacts(internal), [
      creation({
        termMonths: 24,
        billingPeriod: 'QUARTER',
        billingAlignment: 'CALENDAR',
        autoRenewal: false,
        discount: { amount: '4.00' },
        commercialTerms: { renewalUpliftPercent: '3.50', decreaseAtOnce: true, prorationPolicy: 'FIXED_30' },
      }),
    ]);
    expect(draft.actions[0]?.after).toMatchObject({
      term: { endDate: '2028-11-23', months: 24 },
      billing: { period: 'QUARTER', anchor: '2026-10-01', policy: 'FIXED_30' },
      renewal: { automatic: false, upliftPercent: '3.5' },
      subscriptionTerms: { decreaseAtOnce: true },
    });
    expect(shown(draft)).toEqual(['CHARGE PREMIUM 377.00', 'DISCOUNT PREMIUM -52.00']);
  });

  test.each<[string, Parameters<typeof creation>[0], Partial<OrderFacts>, string[]]>([
    [
      'a second trial of the plan',
      { trialDays: 9 },
      { deployments: knownDeployment({ trialedPlans: ['PREMIUM'] }) },
      ['TRIAL_ALREADY_USED trialDays'],
    ],
    [
      'a trial of another plan',
      { trialDays: 9 },
      { deployments: knownDeployment({ trialedPlans: ['ULTIMATE'] }) },
      [],
    ],
    ['too long a trial', { trialDays: 91 }, {}, ['INVALID_VALUE trialDays']],
    ['no term', { termMonths: 0 }, {}, ['INVALID_VALUE termMonths']],
    ['a bill that does not come again', { billingPeriod: 'ONE_TIME' }, {}, ['INVALID_VALUE billingPeriod']],
    ['a discount by a customer', { discount: { percent: '1' } }, {}, ['DISCOUNT_INVALID discount']],
    ['terms by a customer', { commercialTerms: {} }, {}, ['INVALID_VALUE commercialTerms']],
    ['over 100 per cent', { discount: { percent: '100.01' } }, internal, ['DISCOUNT_INVALID discount']],
    ['above the price', { discount: { amount: '29.01' } }, internal, ['DISCOUNT_INVALID discount']],
    ['below zero', { discount: { percent: '-1' } }, internal, ['DISCOUNT_INVALID discount']],
    [
      'two discounts in one',
      { discount: { percent: '1', amount: '1' } },
      internal,
      ['DISCOUNT_INVALID discount'],
    ],
    [
      'an uplift over 100 per cent',
      { commercialTerms: { renewalUpliftPercent: '101' } },
      internal,
      ['INVALID_VALUE commercialTerms.renewalUpliftPercent'],
    ],
    [
      'all of it at once',
      { quantity: 0, termMonths: 99, trialDays: 0 },
      {},
      ['QUANTITY_OUT_OF_RANGE quantity', 'INVALID_VALUE termMonths', 'INVALID_VALUE trialDays'],
    ],
  ])('%s', (_, input, facts, expected) => {
    const wanted = expected.map((error) => error.replace(' ', ` ${path}.`));
    expect(refusals(orderFacts(facts), [creation(input)])).toEqual(wanted);
  });
});

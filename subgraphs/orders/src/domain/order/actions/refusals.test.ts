import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { describe, expect, test } from 'vitest';
import { draftOf, internal, on, refusals, shown, storage } from '../../../../fixtures/judged.js';
import {
  agreedPremium,
  agreedTrial,
  agreedYear,
  orderFacts,
  subscribed,
  subscriptionId,
} from '../../../../fixtures/order-facts.js';
import type { OrderFacts, SubscriptionFacts } from '../facts.js';
import type { OrderRequest } from '../judge.js';
import type { OrderActionInput } from './index.js';

describe('what is refused', () => {
  const suspended = agreedYear({ suspendedOn: on('2026-11-10') });
  const canceled = agreedYear({ canceledOn: on('2026-11-20') });
  const lapsed = agreedYear({ term: { startDate: on('2025-11-20'), endDate: on('2026-11-20'), months: 12 } });
  const more = { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 11 } };

  test.each<[string, OrderActionInput, Agreement, string]>([
    ['to act on a canceled one', more, canceled, 'SUBSCRIPTION_ENDED changeQuantity'],
    ['to act on a lapsed one', more, lapsed, 'SUBSCRIPTION_ENDED changeQuantity'],
    ['to cancel a canceled one', { cancel: { subscriptionId } }, canceled, 'SUBSCRIPTION_ENDED cancel'],
    ['to change a suspended one', more, suspended, 'SUBSCRIPTION_SUSPENDED changeQuantity'],
    [
      'to suspend a suspended one',
      { suspend: { subscriptionId } },
      suspended,
      'SUBSCRIPTION_SUSPENDED suspend',
    ],
    ['to change a trial', more, agreedTrial(), 'TRIAL_NOT_PAID changeQuantity'],
    [
      'to remove what is not there',
      { removeProduct: { subscriptionId, productCode: 'STORAGE' } },
      agreedYear(),
      'PRODUCT_NOT_INCLUDED removeProduct.productCode',
    ],
    [
      'to remove the plan',
      { removeProduct: { subscriptionId, productCode: 'PREMIUM' } },
      agreedYear(),
      'PLAN_INVALID removeProduct.productCode',
    ],
    [
      'less at once',
      { changeQuantity: { ...more.changeQuantity, quantity: 9, when: 'NOW' } },
      agreedYear(),
      'DECREASE_NOT_ALLOWED changeQuantity.when',
    ],
    [
      'seats given back by way of an upgrade',
      { changePlan: { subscriptionId, planCode: 'ULTIMATE', quantity: 1, when: 'NOW' } },
      agreedYear(),
      'DECREASE_NOT_ALLOWED changePlan.when',
    ],
    [
      'a quantity over the limit',
      { changeQuantity: { ...more.changeQuantity, quantity: 1_000_001 } },
      agreedYear(),
      'QUANTITY_OUT_OF_RANGE changeQuantity.quantity',
    ],
    [
      'the same quantity',
      { changeQuantity: { ...more.changeQuantity, quantity: 10 } },
      agreedYear(),
      'NOTHING_CHANGES changeQuantity.quantity',
    ],
    [
      'a plan of another kind of deployment',
      { changePlan: { subscriptionId, planCode: 'DEDICATED', quantity: 1_000 } },
      agreedYear(),
      'DEPLOYMENT_NOT_ELIGIBLE changePlan.planCode',
    ],
    [
      'the same plan',
      { changePlan: { subscriptionId, planCode: 'PREMIUM', quantity: 20 } },
      agreedYear(),
      'NOTHING_CHANGES changePlan.planCode',
    ],
    [
      'an add-on that it has',
      { addProduct: { subscriptionId, productCode: 'STORAGE', quantity: 1 } },
      agreedYear({ items: [agreedPremium(), storage] }),
      'PRODUCT_ALREADY_INCLUDED addProduct.productCode',
    ],
    [
      'a discount that is not sales’',
      { addProduct: { subscriptionId, productCode: 'STORAGE', quantity: 1, discount: { percent: '1' } } },
      agreedYear(),
      'DISCOUNT_INVALID addProduct.discount',
    ],
    [
      'a day beyond the term',
      { cancel: { subscriptionId, timing: 'ON_DATE', on: on('2027-11-02') } },
      agreedYear(),
      'DATE_OUTSIDE_TERM cancel.on',
    ],
    [
      'a day that is missing',
      { cancel: { subscriptionId, timing: 'ON_DATE' } },
      agreedYear(),
      'INVALID_VALUE cancel.on',
    ],
    [
      'a day too many',
      { cancel: { subscriptionId, timing: 'NOW', on: on('2026-12-01') } },
      agreedYear(),
      'INVALID_VALUE cancel.on',
    ],
    ['to resume what runs', { resume: { subscriptionId } }, agreedYear(), 'NOT_SUSPENDED resume'],
    [
      'too long a term',
      { changeTerms: { subscriptionId, termMonths: 61 } },
      agreedYear(),
      'INVALID_VALUE changeTerms.termMonths',
    ],
    [
      'a billing period that does not come again',
      { changeTerms: { subscriptionId, billingPeriod: 'ONE_TIME' } },
      agreedYear(),
      'INVALID_VALUE changeTerms.billingPeriod',
    ],
    [
      'terms that are for sales alone',
      { changeTerms: { subscriptionId, decreaseAtOnce: true } },
      agreedYear(),
      'INVALID_VALUE changeTerms.decreaseAtOnce',
    ],
    [
      'to extend what is paid',
      { extendTrial: { subscriptionId, endDate: on('2028-01-01') } },
      agreedYear(),
      'NOT_A_TRIAL extendTrial',
    ],
    [
      'a trial of more than ninety days',
      { extendTrial: { subscriptionId, endDate: on('2027-02-09') } },
      agreedTrial(),
      'DATE_OUTSIDE_TERM extendTrial.endDate',
    ],
    [
      'to convert what is paid',
      { convertTrial: { subscriptionId } },
      agreedYear(),
      'NOT_A_TRIAL convertTrial',
    ],
  ])('%s', (_, action, agreement, expected) => {
    const [code = '', path = ''] = expected.split(' ');
    expect(refusals(subscribed(agreement), [action])).toEqual([`${code} actions.0.${path}`]);
  });

  test.each<[string, Partial<OrderRequest>, OrderFacts, string[]]>([
    [
      'beyond the term',
      { effectiveDate: on('2027-11-02') },
      subscribed(agreedYear()),
      ['DATE_OUTSIDE_TERM effectiveDate'],
    ],
    [
      'in the past',
      { effectiveDate: on('2026-11-22') },
      subscribed(agreedYear()),
      ['EFFECTIVE_DATE_INVALID effectiveDate'],
    ],
    [
      'in the past, by sales',
      { effectiveDate: on('2026-11-01') },
      subscribed(agreedYear(), {}, internal),
      [],
    ],
    [
      'before the newest version, by sales',
      { effectiveDate: on('2026-11-09') },
      subscribed(agreedYear(), { effectiveOn: on('2026-11-10') }, internal),
      ['EFFECTIVE_DATE_INVALID effectiveDate'],
    ],
  ])('a day %s', (_, request, facts, expected) => {
    expect(refusals(facts, [more], request)).toEqual(expected);
  });

  test('a change that is dated back is billed as today', () => {
    const draft = draftOf(subscribed(agreedYear(), {}, internal), [more], {
      effectiveDate: on('2026-11-16'),
    });
    expect(shown(draft)).toEqual(['CREDIT PREMIUM -100.00', 'CHARGE PREMIUM 110.00']);
  });

  test.each<[string, Partial<SubscriptionFacts>, Partial<OrderFacts>, string]>([
    ['of somebody else', { id: 'other' }, {}, 'SUBSCRIPTION_NOT_FOUND'],
    ['with an order under way', { orderUnderWay: true }, {}, 'SUBSCRIPTION_ORDER_UNDER_WAY'],
    [
      'that a partner sold',
      { parties: { ...orderFacts().buyer.parties, partnerId: 'p' } },
      {},
      'SOLD_BY_PARTNER',
    ],
    [
      'of another account',
      { parties: { ...orderFacts().buyer.parties, accountId: 'other' } },
      internal,
      'SUBSCRIPTION_NOT_FOUND',
    ],
  ])('a subscription %s', (_, subscription, facts, code) => {
    const given = subscribed(agreedYear(), subscription, facts);
    expect(refusals(given, [more])).toEqual([`${code} actions.0.changeQuantity.subscriptionId`]);
  });

  test('subscriptions that are paid for by two accounts, or billed in another currency', () => {
    const other = '00000000-0000-4000-8000-00000000000b';
    const { parties } = orderFacts().buyer;
    const paidByOther = { id: other, parties: { ...parties, invoiceOwnerAccountId: 'other' } };
    const { subscriptions } = subscribed(agreedYear(), paidByOther);
    const actions = [more, { suspend: { subscriptionId: other } }];
    expect(refusals(subscribed(agreedYear(), {}, { subscriptions }), actions)).toEqual([
      'INVOICE_OWNER_MISMATCH actions.1.suspend',
    ]);
    const inEuros = subscribed(agreedYear({ currency: 'EUR' }));
    expect(refusals(inEuros, [more])).toEqual(['CURRENCY_MISMATCH actions.0.changeQuantity']);
  });
});

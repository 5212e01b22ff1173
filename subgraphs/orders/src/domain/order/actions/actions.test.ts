import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { formatAmount } from '@fulfillment/kernel/domain/money';
import { describe, expect, test } from 'vitest';
import {
  accountId,
  agreedPremium,
  agreedTrial,
  agreedYear,
  creation,
  knownDeployment,
  orderFacts,
  subscribed,
  subscriptionId,
} from '../../../../fixtures/order-facts.js';
import type { OrderFacts, SubscriptionFacts } from '../facts.js';
import { draftLines, judgeOrder, type OrderDraft, type OrderRequest } from '../judge.js';
import type { OrderActionInput } from './index.js';

const on = localDate;
const lenient = { subscriptionTerms: { decreaseAtOnce: true } };
const storage = agreedPremium({
  productCode: 'STORAGE',
  productName: 'Storage',
  productKind: 'ADD_ON',
  quantity: 3,
  unitPrice: '4.00',
});
const minutes = { ...storage, productCode: 'COMPUTE_MINUTES', pricePeriod: 'ONE_TIME' } as const;

function judge(facts: OrderFacts, actions: readonly OrderActionInput[], more: Partial<OrderRequest> = {}) {
  return judgeOrder({ ...more, actions }, facts);
}

function draftOf(
  facts: OrderFacts,
  actions: readonly OrderActionInput[],
  more: Partial<OrderRequest> = {},
): OrderDraft {
  const judged = judge(facts, actions, more);
  if (!judged.ok) throw new Error(JSON.stringify(judged.error));
  return judged.value;
}

const refusals = (
  facts: OrderFacts,
  actions: readonly OrderActionInput[],
  more: Partial<OrderRequest> = {},
) => {
  const judged = judge(facts, actions, more);
  return judged.ok ? [] : judged.error.map(({ code, field }) => `${code} ${field.join('.')}`);
};

const shown = (draft: OrderDraft) =>
  draftLines(draft).map(({ kind, productCode, amount }) => `${kind} ${productCode} ${formatAmount(amount)}`);

const internal = { audience: 'internal' } as const;

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

describe('a transfer', () => {
  const receiver = '00000000-0000-4000-8000-0000000000ff';
  const payer = { ...orderFacts().buyer.invoiceOwner, id: receiver };
  const receivers = new Map([
    [receiver, payer],
    [accountId, { ...payer, id: accountId }],
  ]);
  const given = (facts: Partial<OrderFacts> = {}, subscription: Partial<SubscriptionFacts> = {}) =>
    subscribed(agreedYear(), subscription, { ...internal, receivers, ...facts });
  const give = (toAccountId = receiver) => ({ transferOwner: { subscriptionId, toAccountId } });

  test('changes neither the agreement nor what was billed', () => {
    const draft = draftOf(given(), [give()]);
    expect(draft.actions[0]?.change).toEqual({ kind: 'TRANSFER_OWNER', accountId: receiver });
    expect(draft).toMatchObject({ actions: [{ lines: [] }], total: { minor: 0n } });
  });

  const to = 'actions.0.transferOwner.toAccountId';
  const soldByPartner = { parties: { ...orderFacts().buyer.parties, partnerId: 'p' } };
  test.each<[string, OrderFacts, string, string]>([
    ['by a customer', given({ audience: 'product' }), receiver, `ACCOUNT_NOT_FOUND ${to}`],
    ['to an unknown account', given(), 'nobody', `ACCOUNT_NOT_FOUND ${to}`],
    ['to its owner', given(), accountId, `NOTHING_CHANGES ${to}`],
    [
      'in another currency',
      given({ receivers: new Map([[receiver, { ...payer, currency: 'EUR' }]]) }),
      receiver,
      `CURRENCY_MISMATCH ${to}`,
    ],
    [
      'to a sandbox account',
      given({ receivers: new Map([[receiver, { ...payer, legalEntityCode: 'SANDBOX' }]]) }),
      receiver,
      `ACCOUNT_NOT_FOUND ${to}`,
    ],
    [
      'of what a partner sold',
      given({}, soldByPartner),
      receiver,
      'SOLD_BY_PARTNER actions.0.transferOwner.subscriptionId',
    ],
  ])('%s is refused', (_, facts, toAccountId, expected) => {
    expect(refusals(facts, [give(toAccountId)])).toEqual([expected]);
  });

  test('is the last action on its subscription', () => {
    expect(refusals(given(), [give(), { suspend: { subscriptionId } }])).toEqual([
      'ACTION_INVALID actions.1.suspend',
    ]);
  });
});

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

test('a lapsed subscription is renewed for the end of its term, by sales', () => {
  const term = { startDate: on('2025-11-20'), endDate: on('2026-11-20'), months: 12 };
  const actions = [{ renew: { subscriptionId } }];
  const draft = draftOf(subscribed(agreedYear({ term }), {}, internal), actions);
  expect(draft.effectiveDate).toBe('2026-11-20');
  expect(refusals(subscribed(agreedYear({ term })), actions)).toEqual([
    'EFFECTIVE_DATE_INVALID effectiveDate',
  ]);
});

test('a renewal on another day, of too much, or with a discount is refused', () => {
  const quantities = [
    { productCode: 'PREMIUM', quantity: 0 },
    { productCode: 'PREMIUM', quantity: 1, discount: { percent: '1' } },
  ];
  const path = 'actions.0.renew';
  expect(refusals(subscribed(agreedYear()), [{ renew: { subscriptionId, quantities } }])).toEqual([
    `QUANTITY_OUT_OF_RANGE ${path}.quantities.0.quantity`,
    `DISCOUNT_INVALID ${path}.quantities.1.discount`,
    `INVALID_VALUE ${path}.quantities.1.productCode`,
  ]);
  expect(
    refusals(subscribed(agreedYear()), [{ renew: { subscriptionId } }], { effectiveDate: on('2027-10-31') }),
  ).toEqual([`DATE_OUTSIDE_TERM ${path}`]);
});

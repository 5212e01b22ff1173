import { expect, test } from 'vitest';
import { localDate } from '../../calendar.js';
import type { AgreedItem, Agreement } from '../agreement.js';
import { exampleAgreement, exampleItem } from '../example.js';
import type { AgreementRefusalCode } from '../refusal.js';
import type { AgreementAction } from './action.js';
import { applyAction } from './index.js';

const addOn = exampleItem({ productCode: 'AI', productName: 'AI', productKind: 'ADD_ON' });
const pack = exampleItem({ productCode: 'PACK', productKind: 'ADD_ON', pricePeriod: 'ONE_TIME' });
const ultimate = exampleItem({ productCode: 'ULTIMATE', productName: 'Ultimate' });

/** Every action as it would be done, for the year 2024 of the example. */
const actions = {
  create: { kind: 'CREATE_SUBSCRIPTION', agreement: exampleAgreement('2024-05-01') },
  add: { kind: 'ADD_PRODUCT', item: exampleItem({ productCode: 'NEW', productKind: 'ADD_ON' }) },
  quantity: { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 5, when: 'NOW' },
  plan: { kind: 'CHANGE_PLAN', item: ultimate, direction: 'UPGRADE', when: 'NOW' },
  remove: { kind: 'REMOVE_PRODUCT', productCode: 'AI', when: 'NOW' },
  renew: { kind: 'RENEW', termMonths: null, quantities: [] },
  suspend: { kind: 'SUSPEND' },
  resume: { kind: 'RESUME' },
  cancel: { kind: 'CANCEL', on: null },
  transfer: { kind: 'TRANSFER_OWNER', accountId: 'other' },
  terms: {
    kind: 'CHANGE_TERMS',
    termMonths: 24,
    autoRenewal: null,
    billingPeriod: null,
    upliftPercent: null,
    decreaseAtOnce: null,
  },
  extend: { kind: 'EXTEND_TRIAL', endDate: localDate('2025-02-01') },
  convert: {
    kind: 'CONVERT_TRIAL',
    termMonths: 12,
    autoRenewal: true,
    billingAnchor: localDate('2024-05-01'),
  },
} as const satisfies Readonly<Record<string, AgreementAction>>;

const items: readonly AgreedItem[] = [exampleItem(), addOn, pack];
const day = localDate;
const paid = exampleAgreement('2024-01-01', { items });
const trial = exampleAgreement('2024-01-01', { items, trial: true });
const suspended: Agreement = { ...paid, suspendedOn: day('2024-04-01') };
const given: Agreement = { ...paid, canceledOn: day('2024-08-01') };
const canceled: Agreement = { ...paid, canceledOn: day('2024-04-01') };
const noDecrease: Agreement = { ...paid, subscriptionTerms: { decreaseAtOnce: false } };

type Name = keyof typeof actions;
const may = '2024-05-01';

function outcomeOf(agreement: Agreement | null, action: AgreementAction, on: string) {
  const outcome = applyAction(agreement, action, day(on));
  return outcome.ok ? 'OK' : outcome.error.code;
}

type Verdict = AgreementRefusalCode | 'OK';

/** In the order of `actions`: create, add, quantity, plan, remove, renew, suspend, resume, cancel, transfer, terms, extend, convert. */
const verdicts: readonly (readonly [string, Agreement | null, string, readonly Verdict[]])[] = [
  ['there is none', null, may, ['OK', ...Array.from({ length: 12 }, (): Verdict => 'SUBSCRIPTION_ENDED')]],
  [
    'it is paid',
    paid,
    may,
    [
      'NOTHING_CHANGES',
      'OK',
      'OK',
      'OK',
      'OK',
      'DATE_OUTSIDE_TERM',
      'OK',
      'NOT_SUSPENDED',
      'OK',
      'OK',
      'OK',
      'NOT_A_TRIAL',
      'NOT_A_TRIAL',
    ],
  ],
  [
    'it has not begun',
    paid,
    '2023-12-31',
    [
      'NOTHING_CHANGES',
      ...Array.from({ length: 4 }, (): Verdict => 'DATE_OUTSIDE_TERM'),
      'DATE_OUTSIDE_TERM',
      ...Array.from({ length: 5 }, (): Verdict => 'DATE_OUTSIDE_TERM'),
      'DATE_OUTSIDE_TERM',
      'NOT_A_TRIAL',
    ],
  ],
  [
    'it is a trial',
    trial,
    may,
    [
      'NOTHING_CHANGES',
      'TRIAL_NOT_PAID',
      'TRIAL_NOT_PAID',
      'TRIAL_NOT_PAID',
      'TRIAL_NOT_PAID',
      'TRIAL_NOT_PAID',
      'TRIAL_NOT_PAID',
      'NOT_SUSPENDED',
      'OK',
      'OK',
      'TRIAL_NOT_PAID',
      'OK',
      'OK',
    ],
  ],
  [
    'it is suspended',
    suspended,
    may,
    [
      'NOTHING_CHANGES',
      'SUBSCRIPTION_SUSPENDED',
      'SUBSCRIPTION_SUSPENDED',
      'SUBSCRIPTION_SUSPENDED',
      'SUBSCRIPTION_SUSPENDED',
      'SUBSCRIPTION_SUSPENDED',
      'SUBSCRIPTION_SUSPENDED',
      'OK',
      'OK',
      'OK',
      'SUBSCRIPTION_SUSPENDED',
      'NOT_A_TRIAL',
      'NOT_A_TRIAL',
    ],
  ],
  [
    'notice was given',
    given,
    may,
    [
      'NOTHING_CHANGES',
      'SUBSCRIPTION_ENDED',
      'SUBSCRIPTION_ENDED',
      'SUBSCRIPTION_ENDED',
      'SUBSCRIPTION_ENDED',
      'SUBSCRIPTION_ENDED',
      'OK',
      'NOT_SUSPENDED',
      'NOTHING_CHANGES',
      'OK',
      'SUBSCRIPTION_ENDED',
      'NOT_A_TRIAL',
      'NOT_A_TRIAL',
    ],
  ],
  [
    'it was canceled',
    canceled,
    may,
    [
      'NOTHING_CHANGES',
      ...Array.from({ length: 10 }, (): Verdict => 'SUBSCRIPTION_ENDED'),
      'SUBSCRIPTION_ENDED',
      'NOT_A_TRIAL',
    ],
  ],
  [
    'the term ends on that day',
    paid,
    '2025-01-01',
    [
      'NOTHING_CHANGES',
      ...Array.from({ length: 4 }, (): Verdict => 'SUBSCRIPTION_ENDED'),
      'OK',
      ...Array.from({ length: 6 }, (): Verdict => 'SUBSCRIPTION_ENDED'),
      'NOT_A_TRIAL',
    ],
  ],
  [
    'the trial ends on that day',
    trial,
    '2025-01-01',
    [
      'NOTHING_CHANGES',
      ...Array.from({ length: 4 }, (): Verdict => 'SUBSCRIPTION_ENDED'),
      'TRIAL_NOT_PAID',
      ...Array.from({ length: 6 }, (): Verdict => 'SUBSCRIPTION_ENDED'),
      'OK',
    ],
  ],
];

test.each(
  verdicts.flatMap(([state, agreement, on, expected]) =>
    Object.keys(actions).map((name, index) => [name as Name, state, on, expected[index], agreement] as const),
  ),
)('%s, when %s, on %s: %s', (name, _state, on, expected, agreement) => {
  expect(outcomeOf(agreement, actions[name], on)).toBe(expected);
});

/** Refusals that the particulars of an action bring about, with the field that is at fault. */
const particulars: readonly (readonly [
  string,
  Agreement | null,
  AgreementAction,
  string,
  AgreementRefusalCode,
  string | null,
])[] = [
  ['a subscription from another day', null, actions.create, '2024-05-02', 'DATE_OUTSIDE_TERM', null],
  ['a subscription without a plan', null, creating([addOn]), may, 'PLAN_INVALID', 'items'],
  ['a subscription with two plans', null, creating([exampleItem(), ultimate]), may, 'PLAN_INVALID', 'items'],
  [
    'a subscription with a product twice',
    null,
    creating([exampleItem(), addOn, addOn]),
    may,
    'PLAN_INVALID',
    'items',
  ],
  ['a plan that is added', paid, { kind: 'ADD_PRODUCT', item: ultimate }, may, 'PLAN_INVALID', 'productCode'],
  [
    'a product that is there',
    paid,
    { kind: 'ADD_PRODUCT', item: addOn },
    may,
    'PRODUCT_ALREADY_INCLUDED',
    'productCode',
  ],
  [
    'a pack that is there as an add-on',
    paid,
    { kind: 'ADD_PRODUCT', item: { ...addOn, pricePeriod: 'ONE_TIME' } },
    may,
    'PRODUCT_ALREADY_INCLUDED',
    'productCode',
  ],
  [
    'a quantity of what is not there',
    paid,
    { ...actions.quantity, productCode: 'NO' },
    may,
    'PRODUCT_NOT_INCLUDED',
    'productCode',
  ],
  ['the same quantity', paid, { ...actions.quantity, quantity: 1 }, may, 'NOTHING_CHANGES', 'quantity'],
  [
    'another quantity of a pack',
    paid,
    { ...actions.quantity, productCode: 'PACK' },
    may,
    'NOTHING_CHANGES',
    'productCode',
  ],
  [
    'fewer seats at once',
    { ...noDecrease, items: [exampleItem({ quantity: 9 })] },
    actions.quantity,
    may,
    'DECREASE_NOT_ALLOWED',
    'when',
  ],
  ['an add-on as a plan', paid, { ...actions.plan, item: addOn }, may, 'PLAN_INVALID', 'planCode'],
  ['the same plan', paid, { ...actions.plan, item: exampleItem() }, may, 'NOTHING_CHANGES', 'planCode'],
  [
    'a downgrade at once',
    noDecrease,
    { ...actions.plan, direction: 'DOWNGRADE' },
    may,
    'DECREASE_NOT_ALLOWED',
    'when',
  ],
  [
    'the removal of what is not there',
    paid,
    { ...actions.remove, productCode: 'NO' },
    may,
    'PRODUCT_NOT_INCLUDED',
    'productCode',
  ],
  [
    'the removal of the plan',
    paid,
    { ...actions.remove, productCode: 'PREMIUM' },
    may,
    'PLAN_INVALID',
    'productCode',
  ],
  [
    'the removal of a pack',
    paid,
    { ...actions.remove, productCode: 'PACK' },
    may,
    'NOTHING_CHANGES',
    'productCode',
  ],
  ['a removal at once', noDecrease, actions.remove, may, 'DECREASE_NOT_ALLOWED', 'when'],
  [
    'a renewal of what is not there',
    paid,
    { ...actions.renew, quantities: [{ productCode: 'NO', quantity: 1 }] },
    '2025-01-01',
    'PRODUCT_NOT_INCLUDED',
    'quantities',
  ],
  [
    'a renewal of what is bought once',
    paid,
    { ...actions.renew, quantities: [{ productCode: 'PACK', quantity: 1 }] },
    '2025-01-01',
    'PRODUCT_NOT_INCLUDED',
    'quantities',
  ],
  ['a resumption before the suspension', suspended, actions.resume, '2024-03-31', 'DATE_OUTSIDE_TERM', null],
  [
    'a cancellation for a day in the past',
    paid,
    { kind: 'CANCEL', on: day('2024-04-30') },
    may,
    'DATE_OUTSIDE_TERM',
    'on',
  ],
  [
    'a cancellation beyond the term',
    paid,
    { kind: 'CANCEL', on: day('2025-01-02') },
    may,
    'DATE_OUTSIDE_TERM',
    'on',
  ],
  ['a later cancellation', given, { kind: 'CANCEL', on: day('2024-08-02') }, may, 'NOTHING_CHANGES', 'on'],
  [
    'a trial that ends no later',
    trial,
    { ...actions.extend, endDate: day('2025-01-01') },
    may,
    'DATE_OUTSIDE_TERM',
    'endDate',
  ],
  [
    'a term that would have ended',
    paid,
    { ...actions.terms, termMonths: 4 },
    may,
    'DATE_OUTSIDE_TERM',
    'termMonths',
  ],
  [
    'a shorter term',
    noDecrease,
    { ...actions.terms, termMonths: 6 },
    may,
    'DECREASE_NOT_ALLOWED',
    'termMonths',
  ],
  ['the same terms', paid, { ...actions.terms, termMonths: 12 }, may, 'NOTHING_CHANGES', null],
  ['a conversion after the trial', trial, actions.convert, '2025-01-02', 'SUBSCRIPTION_ENDED', null],
];

test.each(particulars)('refuses %s', (_, agreement, action, on, code, field) => {
  const outcome = applyAction(agreement, action, day(on));
  expect(outcome.ok ? null : [outcome.error.code, outcome.error.field]).toEqual([code, field]);
  expect(outcome.ok ? '' : outcome.error.message).toMatch(/\S.*[.]$/);
});

test('what is refused at once can be had for the next term', () => {
  for (const action of [
    { ...actions.quantity, when: 'RENEWAL' },
    { ...actions.plan, direction: 'DOWNGRADE', when: 'RENEWAL' },
    { ...actions.remove, when: 'RENEWAL' },
  ] as const) {
    const outcome = applyAction(noDecrease, action, day(may));
    expect(outcome.ok && outcome.value.items).toEqual(items);
    expect(outcome.ok && outcome.value.renewal.planned.map(({ kind }) => kind)).toHaveLength(1);
  }
});

test('a later plan for a product takes the place of an earlier one, and what is done at once of both', () => {
  const planned = (agreement: Agreement, action: AgreementAction) => {
    const outcome = applyAction(agreement, action, day(may));
    if (!outcome.ok) throw new Error(outcome.error.code);
    return outcome.value;
  };
  const first = planned(paid, { ...actions.quantity, when: 'RENEWAL' });
  const second = planned(first, { ...actions.plan, when: 'RENEWAL' });
  expect(second.renewal.planned).toEqual([{ kind: 'PLAN', productCode: 'PREMIUM', item: ultimate }]);
  expect(planned(second, { ...actions.quantity, quantity: 7 }).renewal.planned).toEqual([]);
});

function creating(of: readonly AgreedItem[]): AgreementAction {
  return { kind: 'CREATE_SUBSCRIPTION', agreement: exampleAgreement(may, { items: of }) };
}

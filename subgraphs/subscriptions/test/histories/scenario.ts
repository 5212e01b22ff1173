import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { AgreedItem, Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import {
  billingAlignments,
  billingAnchor,
  trialAnchor,
} from '@fulfillment/kernel/domain/agreement/alignment';
import type { ProrationPolicyName } from '@fulfillment/kernel/domain/billing/proration';
import { billingPeriods, type RecurringPeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { addDays, addMonths, type LocalDate, localDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';

/** A day that the history reaches, told by where its subscription then stands. */
export type Moment =
  | { readonly kind: 'DAYS'; readonly days: number }
  /** So many days from the first day that is not billed yet. */
  | { readonly kind: 'BOUNDARY'; readonly days: number }
  | { readonly kind: 'TERM_END'; readonly days: number }
  /** So many days from the first day of the newest version. */
  | { readonly kind: 'NEWEST'; readonly days: number };

/** An action before it is known what it meets: numbers from which `actionOf` makes one, possible or not. */
export interface ActionDraft {
  readonly kind: AgreementAction['kind'];
  readonly item: AgreedItem;
  /** Which of the products, where the action names one. */
  readonly pick: number;
  readonly quantity: number;
  readonly days: number;
  readonly months: number;
  readonly flag: boolean;
  readonly period: RecurringPeriod;
}

/** The clock goes on, and an order is placed. */
export interface Step {
  readonly until: Moment;
  /** False when nothing was done for a while: what fell due is done only with or after the order. */
  readonly isRun: boolean;
  /** The day for which the order is, from the day on which it is placed. */
  readonly dated: Moment;
  /** Days for which the order lies before it is carried out. */
  readonly delay: number;
  readonly actions: readonly ActionDraft[];
}

/** Everything that a history follows from. */
export interface Scenario {
  readonly timeZone: string;
  readonly otherTimeZone: string;
  /** Of the tax on every line, in per cent. */
  readonly taxRate: string;
  /** Days by which the first order is dated back. */
  readonly datedBack: number;
  readonly agreement: Agreement;
  readonly steps: readonly Step[];
}

const timeZones = [
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Apia',
];
const recurringPeriods = billingPeriods.filter((period) => period !== 'ONE_TIME');
const policies: readonly ProrationPolicyName[] = [
  'ACTUAL_DAYS',
  'FIXED_30',
  'STRICT_30_360',
  'INCLUSIVE_DAYS',
];
const currencies: readonly CurrencyCode[] = ['USD', 'EUR', 'JPY', 'KWD'];

const unitPrice = fc
  .tuple(fc.oneof(fc.constant(0), fc.nat(40), fc.nat(5_000)), fc.nat(9_999), fc.integer({ min: 0, max: 4 }))
  .map(([whole, part, digits]) =>
    digits === 0 ? `${whole}` : `${whole}.${part.toString().padStart(4, '0').slice(0, digits)}`,
  );

const percent = fc.oneof(
  fc.constantFrom('0', '50', '100'),
  fc.nat(9_999).map((value) => `${value / 100}`),
);

const priced = fc
  .record({
    quantity: fc.integer({ min: 1, max: 40 }),
    unitPrice,
    pricePeriod: fc.constantFrom('WEEK', 'MONTH', 'YEAR'),
    off: fc.option(fc.record({ isAmount: fc.boolean(), value: percent, renews: fc.boolean() })),
  })
  .map(({ off, ...price }) => ({
    ...price,
    discount: off === null ? null : discountOf(off, price.unitPrice),
  }));

/** An amount off is at most the price. */
function discountOf(off: { isAmount: boolean; value: string; renews: boolean }, price: string) {
  const { isAmount, value, renews } = off;
  const kind = isAmount ? ('AMOUNT' as const) : ('PERCENT' as const);
  return { kind, value: isAmount && Number(value) > Number(price) ? price : value, renews };
}

const plan = fc
  .tuple(fc.constantFrom('PLAN_A', 'PLAN_B', 'PLAN_C'), priced)
  .map(([code, price]): AgreedItem => named(code, 'PLAN', price));

const addOn = fc
  .tuple(fc.constantFrom('ADD_ON_A', 'ADD_ON_B'), priced)
  .map(([code, price]): AgreedItem => named(code, 'ADD_ON', price));

const pack = priced.map((price): AgreedItem => ({
  ...named('PACK', 'ADD_ON', price),
  pricePeriod: 'ONE_TIME',
}));

function named(
  productCode: string,
  productKind: AgreedItem['productKind'],
  price: Omit<AgreedItem, 'productCode' | 'productName' | 'productKind'>,
): AgreedItem {
  return { productCode, productName: productCode, productKind, ...price };
}

const firstDay = fc.oneof(
  fc.constantFrom('2024-02-29', '2024-01-31', '2023-08-31', '2024-01-01', '2024-12-30').map(localDate),
  fc.nat(730).map((days) => addDays(localDate('2023-03-01'), days)),
);

const agreement = fc
  .record({
    start: firstDay,
    currency: fc.constantFrom(...currencies),
    policy: fc.constantFrom(...policies),
    period: fc.constantFrom(...recurringPeriods),
    alignment: fc.constantFrom(...billingAlignments),
    months: fc.oneof(fc.constant(12), fc.integer({ min: 1, max: 26 })),
    trialDays: fc.option(fc.integer({ min: 1, max: 40 }), { freq: 5 }),
    automatic: fc.boolean(),
    upliftPercent: fc.constantFrom('0', '0', '3', '7.125'),
    decreaseAtOnce: fc.boolean(),
    items: fc
      .tuple(plan, fc.array(fc.oneof(addOn, addOn, pack), { maxLength: 2 }))
      .map(([one, more]) => [one, ...more.filter((item, index) => index === 0 || !sameCode(item, more[0]))]),
  })
  .map((drawn): Agreement => {
    const { start, months, trialDays, alignment, period, policy } = drawn;
    return {
      currency: drawn.currency,
      term:
        trialDays === null
          ? { startDate: start, endDate: addMonths(start, months), months }
          : { startDate: start, endDate: addDays(start, trialDays), months: null },
      trial: trialDays !== null,
      billing: {
        period,
        anchor: (trialDays === null ? billingAnchor : trialAnchor)(alignment, period, start),
        policy,
      },
      renewal: {
        automatic: drawn.automatic,
        termMonths: months,
        upliftPercent: drawn.upliftPercent,
        planned: [],
      },
      subscriptionTerms: { decreaseAtOnce: drawn.decreaseAtOnce },
      items: drawn.items,
      suspendedOn: null,
      canceledOn: null,
    };
  });

function sameCode(left: AgreedItem, right: AgreedItem | undefined): boolean {
  return left.productCode === right?.productCode;
}

const kinds = fc.constantFrom<AgreementAction['kind'][]>(
  'CREATE_SUBSCRIPTION',
  'ADD_PRODUCT',
  'CHANGE_QUANTITY',
  'CHANGE_QUANTITY',
  'CHANGE_PLAN',
  'REMOVE_PRODUCT',
  'RENEW',
  'SUSPEND',
  'RESUME',
  'RESUME',
  'CANCEL',
  'TRANSFER_OWNER',
  'CHANGE_TERMS',
  'EXTEND_TRIAL',
  'CONVERT_TRIAL',
);

const actionDraft: fc.Arbitrary<ActionDraft> = fc.record({
  kind: kinds,
  item: fc.oneof(plan, addOn, pack),
  pick: fc.nat(3),
  quantity: fc.integer({ min: 1, max: 60 }),
  days: fc.oneof(fc.constant(0), fc.integer({ min: -3, max: 90 })),
  months: fc.integer({ min: 1, max: 26 }),
  flag: fc.boolean(),
  period: fc.constantFrom(...recurringPeriods),
});

const nearby = fc.integer({ min: -1, max: 1 });
const until: fc.Arbitrary<Moment> = fc.oneof(
  fc.record({ kind: fc.constant('DAYS' as const), days: fc.nat(45) }),
  fc.record({ kind: fc.constant('DAYS' as const), days: fc.nat(1) }),
  fc.record({ kind: fc.constantFrom('BOUNDARY' as const, 'TERM_END' as const), days: nearby }),
);
const dated: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Moment>({ kind: 'DAYS', days: 0 }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('DAYS' as const), days: fc.integer({ min: -70, max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('BOUNDARY' as const, 'TERM_END' as const, 'NEWEST' as const),
      days: nearby,
    }),
  },
);

const step: fc.Arbitrary<Step> = fc.record({
  until,
  isRun: fc.boolean(),
  dated,
  delay: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  actions: fc.array(actionDraft, { minLength: 1, maxLength: 3 }),
});

/** Any agreement, and any sequence of orders on it, possible or not. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  timeZone: fc.constantFrom(...timeZones),
  otherTimeZone: fc.constantFrom(...timeZones),
  taxRate: fc.constantFrom('0', '7.25', '19', '25'),
  datedBack: fc.oneof(fc.constant(0), fc.nat(60)),
  agreement,
  steps: fc.array(step, { maxLength: 9 }),
});

/** Orders that are all dated for the first day, whenever they are placed, the last of which ends it on that day. */
export const canceledOnFirstDay: fc.Arbitrary<Scenario> = fc
  .record({
    drawn: scenario.filter(({ agreement }) => agreement.billing.policy !== 'INCLUSIVE_DAYS'),
    drafts: fc.array(actionDraft, { maxLength: 5 }),
    days: fc.nat(50),
  })
  .map(({ drawn, drafts, days }) => {
    const { renewal, term } = drawn.agreement;
    return {
      ...drawn,
      // It must still be there on the day on which it is ended.
      agreement: {
        ...drawn.agreement,
        term: { ...term, endDate: addMonths(term.startDate, 30) },
        renewal: { ...renewal, automatic: true },
      },
      steps: [
        ...drafts.map((draft) => onFirstDay(days, withoutEnd(draft))),
        onFirstDay(days, { ...noDraft, kind: 'CANCEL', flag: true }),
      ],
    };
  });

const noDraft: Omit<ActionDraft, 'kind'> = {
  item: named('PLAN_A', 'PLAN', { quantity: 1, unitPrice: '1', pricePeriod: 'MONTH', discount: null }),
  pick: 0,
  quantity: 1,
  days: 0,
  months: 30,
  flag: false,
  period: 'MONTH',
};

/** Neither ends it nor makes it end before the day on which it is ended. */
function withoutEnd(draft: ActionDraft): ActionDraft {
  return {
    ...draft,
    months: draft.months + 12,
    kind: draft.kind === 'CANCEL' ? 'CHANGE_QUANTITY' : draft.kind,
  };
}

function onFirstDay(days: number, draft: ActionDraft): Step {
  return {
    until: { kind: 'DAYS', days },
    isRun: true,
    dated: { kind: 'NEWEST', days: 0 },
    delay: 0,
    actions: [draft],
  };
}

/** What a draft asks for, of an agreement as it stands on the order's day. */
export function actionOf(draft: ActionDraft, present: Agreement, on: LocalDate): AgreementAction {
  const { kind, item, pick, quantity, days, months, flag } = draft;
  const productCode = (present.items[pick % present.items.length] ?? item).productCode;
  const when = flag ? 'NOW' : 'RENEWAL';
  switch (kind) {
    case 'CREATE_SUBSCRIPTION':
      return { kind, agreement: present };
    case 'ADD_PRODUCT':
      return { kind, item };
    case 'CHANGE_QUANTITY':
      return { kind, productCode, quantity, when };
    case 'CHANGE_PLAN':
      return { kind, item, direction: quantity > 30 ? 'UPGRADE' : 'DOWNGRADE', when };
    case 'REMOVE_PRODUCT':
      return { kind, productCode, when };
    case 'RENEW':
      return { kind, termMonths: flag ? months : null, quantities: flag ? [{ productCode, quantity }] : [] };
    case 'CANCEL':
      return { kind, on: flag ? addDays(on, days) : null };
    case 'TRANSFER_OWNER':
      return { kind, accountId: flag ? 'other' : 'first' };
    case 'CHANGE_TERMS':
      return {
        kind,
        termMonths: pick === 0 ? months : null,
        autoRenewal: pick === 1 ? flag : null,
        billingPeriod: pick === 2 || flag ? draft.period : null,
        upliftPercent: pick === 3 ? '2.5' : null,
        decreaseAtOnce: pick === 3 ? flag : null,
      };
    case 'EXTEND_TRIAL':
      return { kind, endDate: addDays(present.term.endDate, days) };
    case 'CONVERT_TRIAL':
      return {
        kind,
        termMonths: months,
        autoRenewal: flag,
        billingAnchor: billingAnchor(flag ? 'CALENDAR' : 'ANNIVERSARY', present.billing.period, on),
      };
    case 'SUSPEND':
    case 'RESUME':
      return { kind };
  }
}

import type { AgreedItem, Agreement, Term } from '@fulfillment/kernel/domain/agreement/agreement';
import {
  billingAlignments,
  billingAnchor,
  trialAnchor,
} from '@fulfillment/kernel/domain/agreement/alignment';
import type { ProrationPolicyName } from '@fulfillment/kernel/domain/billing/proration';
import { billingPeriods } from '@fulfillment/kernel/domain/billing/unit-price';
import { addDays, addMonths, type LocalDate, localDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';

const policies: readonly ProrationPolicyName[] = [
  'ACTUAL_DAYS',
  'FIXED_30',
  'STRICT_30_360',
  'INCLUSIVE_DAYS',
];
/** With two, none and three digits after the point. */
const currencies: readonly CurrencyCode[] = ['USD', 'JPY', 'KWD'];

export const anyPeriod = fc.constantFrom(...billingPeriods.filter((period) => period !== 'ONE_TIME'));

/** Of nothing, of a fraction of a cent, and of more than most; with up to four digits. */
const anyPrice = fc
  .tuple(fc.oneof(fc.constant(0), fc.nat(40), fc.nat(5_000)), fc.nat(9_999), fc.integer({ min: 0, max: 4 }))
  .map(([whole, part, digits]) =>
    digits === 0 ? `${whole}` : `${whole}.${part.toString().padStart(4, '0').slice(0, digits)}`,
  );

const anyDiscount = fc.record({
  isAmount: fc.boolean(),
  value: fc.oneof(
    fc.constantFrom('0', '50', '100'),
    fc.nat(9_999).map((hundredths) => `${hundredths / 100}`),
  ),
  renews: fc.boolean(),
});

const anyTerms = fc
  .record({
    quantity: fc.integer({ min: 1, max: 40 }),
    unitPrice: anyPrice,
    pricePeriod: fc.constantFrom<AgreedItem['pricePeriod'][]>('WEEK', 'MONTH', 'YEAR'),
    off: fc.option(anyDiscount),
  })
  .map(({ off, ...terms }) => ({
    ...terms,
    discount: off === null ? null : discountOf(off, terms.unitPrice),
  }));

/** A fixed discount is at most the price. */
function discountOf(
  { isAmount, value, renews }: { isAmount: boolean; value: string; renews: boolean },
  price: string,
): AgreedItem['discount'] {
  if (!isAmount) return { kind: 'PERCENT', value, renews };
  return { kind: 'AMOUNT', value: Number(value) > Number(price) ? price : value, renews };
}

export const anyPlan: fc.Arbitrary<AgreedItem> = fc
  .tuple(fc.constantFrom('PLAN_A', 'PLAN_B', 'PLAN_C'), anyTerms)
  .map(([code, terms]) => ({ productCode: code, productName: code, productKind: 'PLAN', ...terms }));

/** One that comes again, or a pack that is bought once. */
export const anyAddOn: fc.Arbitrary<AgreedItem> = fc
  .tuple(fc.constantFrom('ADD_ON_A', 'ADD_ON_B', 'PACK'), anyTerms)
  .map(([code, { pricePeriod, ...terms }]) => ({
    productCode: code,
    productName: code,
    productKind: 'ADD_ON',
    ...terms,
    pricePeriod: code === 'PACK' ? 'ONE_TIME' : pricePeriod,
  }));

const anyItems = fc
  .tuple(anyPlan, fc.array(anyAddOn, { maxLength: 2 }))
  .map(([plan, [first, second]]) => [
    plan,
    ...(first === undefined ? [] : [first]),
    ...(second === undefined || second.productCode === first?.productCode ? [] : [second]),
  ]);

const anyFirstDay = fc.oneof(
  fc.constantFrom('2024-02-29', '2024-01-31', '2023-08-31', '2024-01-01', '2024-12-30').map(localDate),
  fc.nat(730).map((days) => addDays(localDate('2023-03-01'), days)),
);

/** Any agreement as an order creates it: in every currency, billing period, alignment and policy, paid or as a trial. */
export const anyAgreement: fc.Arbitrary<Agreement> = fc
  .record({
    start: anyFirstDay,
    currency: fc.constantFrom(...currencies),
    policy: fc.constantFrom(...policies),
    period: anyPeriod,
    alignment: fc.constantFrom(...billingAlignments),
    months: fc.oneof(fc.constant(12), fc.integer({ min: 1, max: 26 })),
    trialDays: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
    ),
    automatic: fc.constantFrom(true, true, true, false),
    upliftPercent: fc.constantFrom('0', '0', '3', '7.125'),
    decreaseAtOnce: fc.constantFrom(true, true, false),
    items: anyItems,
  })
  .map(({ start, currency, policy, period, alignment, months, trialDays, ...drawn }) => ({
    currency,
    term: termOf(start, months, trialDays),
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
  }));

function termOf(startDate: LocalDate, months: number, trialDays: number | null): Term {
  return trialDays === null
    ? { startDate, endDate: addMonths(startDate, months), months }
    : { startDate, endDate: addDays(startDate, trialDays), months: null };
}

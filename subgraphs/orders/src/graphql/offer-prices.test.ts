import type { AgreedItem, Agreement, Discount } from '@fulfillment/kernel/domain/agreement/agreement';
import {
  addDays,
  addMonths,
  localDate,
  localDateAt,
  type LocalDate,
} from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { entitlements, offeringOn, type OfferInTest } from '../../fixtures/offering.js';
import { agreedPremium, agreedTrial, agreedYear } from '../../fixtures/order-facts.js';
import { orderingOn } from '../../fixtures/ordering.js';
import { newNamespace, openAccount, tellSubscription } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

/* What an offer costs, beside what `previewOrder` says of its order: in every currency, time zone and contract alike. */

let now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { offers, call } = offeringOn(orders);
const { place, preview } = orderingOn(orders);

// Before anything is asked: lists in currencies of no and of three decimals, with unit prices of more digits than that.
for (const [currency, factor] of [
  ['JPY', '151.37'],
  ['KWD', '0.30675'],
] as const) {
  await orders.rows(
    `INSERT INTO price SELECT gen_random_uuid(), product_code, position + 100 + $3::integer,
       trim_scale(unit_price::numeric * $2::numeric)::text, $1, unit, unit_size, price_period, billing_period,
       valid_from, valid_until, source FROM price WHERE currency = 'USD'`,
    [currency, factor, currency === 'JPY' ? 0 : 100],
  );
}
await orders.rows('INSERT INTO price_list VALUES (1000)');

interface Setting {
  readonly at: Date;
  readonly timeZone: string;
  readonly currency: CurrencyCode;
  readonly countryCode: string;
}

/** A namespace with a contract, of an account in some time zone and currency, at some instant. */
async function customer(agreement: Agreement, { at, timeZone, currency, countryCode }: Setting) {
  now = at;
  const accountId = await openAccount(orders, { timeZone, currency, countryCode });
  const deployment = newNamespace();
  const payload = { ...deployment, name: 'A deployment', accountId };
  await orders.deliver('licenses.deployment', payload, { aggregateId: deployment.id });
  await tellSubscription(orders, accountId, agreement, { deployment });
  return { buyer: productViewer(accountId), deploymentId: deployment.id };
}

type Buyer = Awaited<ReturnType<typeof customer>>['buyer'];

const priceOf = async (buyer: Buyer, { order }: OfferInTest) => {
  const { net, tax, total, effectiveDate, valueChange, userErrors } = {
    net: null,
    tax: null,
    ...(await preview(buyer, { actions: order?.actions })),
  };
  expect(userErrors).toEqual([]);
  const { tcv: restOfTerm, mrr: monthly } = valueChange as { tcv: unknown; mrr: unknown };
  return { net, tax, total, effectiveDate, restOfTerm, monthly };
};

/** An offer costs what its preview says. */
async function expectPreviewed(buyer: Buyer, offer: OfferInTest): Promise<void> {
  const { net, tax, total, restOfTerm, monthly, effectiveDate } = priceShown(offer);
  expect(await priceOf(buyer, offer)).toEqual({ net, tax, total, restOfTerm, monthly, effectiveDate });
  expect(offer.order?.expectedTotal).toBe(total.amount);
}

/** It does so until the last millisecond of the account's day, and then it is that of another day. */
async function expectUntilMidnight(buyer: Buyer, offer: OfferInTest): Promise<void> {
  const { holdsUntil, effectiveDate } = priceShown(offer);
  now = new Date(Date.parse(String(holdsUntil)) - 1);
  await expectPreviewed(buyer, offer);
  now = new Date(String(holdsUntil));
  const next = await preview(buyer, { actions: offer.order?.actions });
  // On the last day of a term or trial there may be nothing left to change.
  if (next.userErrors.length > 0) return;
  expect(next.effectiveDate).toBe(addDays(localDate(String(effectiveDate)), 1));
}

function priceShown({ price }: OfferInTest) {
  if (price === null) throw new Error('The offer has no price');
  return price;
}

const zones = [
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'Europe/Berlin',
  'UTC',
  'America/Santiago',
  'America/New_York',
  'America/Los_Angeles',
  'Pacific/Midway',
];

const setting: fc.Arbitrary<Setting> = fc.record({
  // Three years by the minute, daylight saving and leap day included.
  at: fc
    .integer({ min: 0, max: 3 * 365 * 1_440 })
    .map((minutes) => new Date(Date.UTC(2026, 10, 23) + minutes * 60_000)),
  timeZone: fc.constantFrom(...zones),
  currency: fc.constantFrom('USD', 'JPY', 'KWD'),
  countryCode: fc.constantFrom('NL', 'DE', 'US', 'JP', 'KW'),
});

const discount: fc.Arbitrary<Discount | null> = fc.oneof(
  fc.constant(null),
  fc.record({
    kind: fc.constant('PERCENT' as const),
    value: fc.integer({ min: 1, max: 9_999 }).map((hundredths) => (hundredths / 100).toFixed(2)),
    renews: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('AMOUNT' as const),
    value: fc.integer({ min: 1, max: 99 }).map((hundredths) => (hundredths / 100).toFixed(2)),
    renews: fc.boolean(),
  }),
);

/** Special prices that were agreed: of up to four decimals, whatever the currency has. */
const unitPrice = fc.integer({ min: 10_000, max: 5_000_000 }).map((units) => (units / 10_000).toFixed(4));

interface Agreed {
  readonly age: number;
  readonly years: number;
  readonly period: Agreement['billing']['period'];
  readonly policy: Agreement['billing']['policy'];
  readonly plan: AgreedItem;
  readonly addOns: readonly AgreedItem[];
}

const agreed: fc.Arbitrary<Agreed> = fc.record({
  age: fc.integer({ min: 0, max: 364 }),
  years: fc.integer({ min: 1, max: 3 }),
  period: fc.constantFrom('MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR'),
  policy: fc.constantFrom('ACTUAL_DAYS', 'FIXED_30', 'STRICT_30_360', 'INCLUSIVE_DAYS', 'PER_SECOND'),
  plan: fc.record({ unitPrice, discount, quantity: fc.integer({ min: 1, max: 500 }) }).map(agreedPremium),
  addOns: fc.subarray(['STORAGE', 'AI_ADD_ON'] as const).chain((codes) =>
    fc.tuple(
      ...codes.map((productCode) =>
        fc.record({ unitPrice, discount, quantity: fc.integer({ min: 1, max: 50 }) }).map((item) => ({
          ...agreedPremium(item),
          productCode,
          productName: productCode,
          productKind: 'ADD_ON' as const,
          pricePeriod: productCode === 'STORAGE' ? ('YEAR' as const) : ('MONTH' as const),
        })),
      ),
    ),
  ),
});

function contract(
  { age, years, period, policy, plan, addOns }: Agreed,
  today: LocalDate,
  currency: CurrencyCode,
) {
  const startDate = addDays(today, -age);
  return agreedYear({
    currency,
    term: { startDate, endDate: addMonths(startDate, years * 12), months: years * 12 },
    billing: { period, anchor: startDate, policy },
    items: [plan, ...addOns],
  });
}

beforeEach(() => (now = new Date('2026-11-23T09:00:00.000Z')));

test(
  'of any contract, currency, time zone and instant an offer costs what its preview says, until midnight',
  { timeout: 90_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        setting,
        agreed,
        // Seats are nearly used up, so that more are offered at the contract's price; the feature is another plan's, at the list's.
        fc.integer({ min: 90, max: 300 }),
        fc.integer({ min: 0, max: 60_000 }),
        async (where, what, percentUsed, minutes) => {
          const used = Math.ceil((what.plan.quantity * percentUsed) / 100);
          const today = localDateAt(where.at, where.timeZone);
          const { buyer, deploymentId } = await customer(contract(what, today, where.currency), where);
          const input = { deploymentId, featureKey: 'sast', kind: 'CLICKED' };
          await call(buyer, 'recordFeatureInterest', 'times', input);
          const ref = entitlements(deploymentId, {
            seats: { purchased: what.plan.quantity, used, maximum: used },
            features: [{ key: 'compute_minutes', allowance: 10_000, used: minutes }],
          });
          const [list] = (await offers(buyer, [ref], { limit: 10 })).lists;
          expect(new Set(list?.map(({ price }) => price?.['isContractPrice']))).toEqual(
            new Set([true, false]),
          );
          for (const offer of list ?? []) {
            expect(offer.price?.total).toMatchObject({ currency: where.currency });
            await expectPreviewed(buyer, offer);
          }
          const [first] = list ?? [];
          if (first !== undefined) await expectUntilMidnight(buyer, first);
        },
      ),
      { numRuns: 8 },
    );
  },
);

test.each<[string, string, string, string, string]>([
  // East of UTC and west of it, where the day is another one than that of UTC.
  [
    'the other side of the date line',
    'Pacific/Kiritimati',
    '2026-11-23T10:00:00Z',
    '2026-11-24',
    '2026-11-24T10:00:00.000Z',
  ],
  ['this side of it', 'Pacific/Midway', '2026-11-23T10:59:59Z', '2026-11-22', '2026-11-23T11:00:00.000Z'],
  [
    'a quarter of an hour',
    'Asia/Kathmandu',
    '2026-11-23T18:14:59Z',
    '2026-11-23',
    '2026-11-23T18:15:00.000Z',
  ],
  ['a day of 23 hours', 'America/New_York', '2027-03-14T05:00:00Z', '2027-03-14', '2027-03-15T04:00:00.000Z'],
  ['a day of 25 hours', 'America/New_York', '2027-11-07T04:00:00Z', '2027-11-07', '2027-11-08T05:00:00.000Z'],
  [
    'the second of two half past ones',
    'Europe/Berlin',
    '2027-10-31T01:30:00Z',
    '2027-10-31',
    '2027-10-31T23:00:00.000Z',
  ],
  [
    'before a day without a midnight',
    'Africa/Cairo',
    '2027-04-29T21:59:59Z',
    '2027-04-29',
    '2027-04-29T22:00:00.000Z',
  ],
  [
    'on a day without a midnight',
    'Africa/Cairo',
    '2027-04-29T22:00:00Z',
    '2027-04-30',
    '2027-04-30T21:00:00.000Z',
  ],
  [
    'the second 23:30 of one day',
    'America/Santiago',
    '2027-04-04T03:30:00Z',
    '2027-04-03',
    '2027-04-04T04:00:00.000Z',
  ],
  [
    'half an hour of daylight saving',
    'Australia/Lord_Howe',
    '2027-04-03T13:30:00Z',
    '2027-04-04',
    '2027-04-04T13:30:00.000Z',
  ],
])(
  '%s: it holds until midnight in %s, and is ordered for that until the last moment',
  async (_, timeZone, at, day, until) => {
    const where = { at: new Date(at), timeZone, currency: 'KWD', countryCode: 'NL' } as const;
    const item = agreedPremium({
      unitPrice: '6.1355',
      discount: { kind: 'PERCENT', value: '12.5', renews: true },
    });
    const startDate = addDays(localDate(day), -17);
    const term = { startDate, endDate: addMonths(startDate, 12), months: 12 };
    const billing = { period: 'MONTH', anchor: startDate, policy: 'ACTUAL_DAYS' } as const;
    const agreement = agreedYear({ currency: 'KWD', term, billing, items: [item] });
    const { buyer, deploymentId } = await customer(agreement, where);
    const ref = entitlements(deploymentId, { seats: { purchased: 10, used: 9, maximum: 9 } });
    const [offer] = (await offers(buyer, [ref])).lists[0] ?? [];
    expect(offer?.price).toMatchObject({ effectiveDate: day, holdsUntil: until, isContractPrice: true });
    expect(offer?.price?.total.amount).toMatch(/^\d+\.\d{3}$/);
    now = new Date(Date.parse(until) - 1);
    const { order, userErrors } = await place(buyer, { ...offer?.order });
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({
      effectiveDate: day,
      total: { amount: offer?.price?.total.amount, currency: 'KWD' },
    });
  },
);

test('what is shown just before midnight is refused just after it, when it costs another amount by then', async () => {
  const where = {
    at: new Date('2026-11-23T07:59:59.999Z'),
    timeZone: 'America/Los_Angeles',
    currency: 'JPY',
    countryCode: 'JP',
  } as const;
  const { buyer, deploymentId } = await customer(
    agreedYear({ currency: 'JPY', items: [agreedPremium({ unitPrice: '2900.5' })] }),
    where,
  );
  const ref = entitlements(deploymentId, { seats: { purchased: 10, used: 9, maximum: 9 } });
  const [offer] = (await offers(buyer, [ref])).lists[0] ?? [];
  expect(offer?.price).toMatchObject({ effectiveDate: '2026-11-22', holdsUntil: '2026-11-23T08:00:00.000Z' });
  expect(offer?.price?.total.amount).toMatch(/^\d+$/);
  now = new Date('2026-11-23T08:00:00.000Z');
  const { userErrors } = await place(buyer, { ...offer?.order });
  expect(userErrors).toMatchObject([{ code: 'PRICE_CHANGED', field: ['expectedTotal'] }]);
});

test.each(['JPY', 'KWD'] as const)(
  'a trial is converted for the %s that were agreed with it',
  async (currency) => {
    const where = {
      at: new Date('2026-11-23T23:30:00Z'),
      timeZone: 'Asia/Tokyo',
      currency,
      countryCode: 'JP',
    };
    const term = { startDate: localDate('2026-11-01'), endDate: localDate('2026-11-28'), months: null };
    const items = [
      agreedPremium({ unitPrice: '19.9995', discount: { kind: 'AMOUNT', value: '0.0001', renews: false } }),
    ];
    const { buyer, deploymentId } = await customer(agreedTrial({ currency, term, items }), where);
    const ref = entitlements(deploymentId, { trial: true, validUntil: '2026-11-28' });
    const [list] = (await offers(buyer, [ref], { limit: 10 })).lists;
    const offer = list?.find(({ reason }) => reason === 'TRIAL_ENDING');
    expect(offer?.price).toMatchObject({
      effectiveDate: '2026-11-24',
      holdsUntil: '2026-11-24T15:00:00.000Z',
    });
    if (offer === undefined) throw new Error('It is not offered');
    await expectPreviewed(buyer, offer);
    await expectUntilMidnight(buyer, offer);
  },
);

import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { addDays, addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entitlements, offeringOn } from '../../fixtures/offering.js';
import { agreedPremium, agreedTrial, agreedYear } from '../../fixtures/order-facts.js';
import { orderingOn } from '../../fixtures/ordering.js';
import {
  newNamespace,
  openAccount,
  registerPartner,
  tellDeployment,
  tellSubscription,
} from '../../fixtures/parties.js';
import { priceList } from '../catalog/price-list.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { offers, call } = offeringOn(orders);
const { place, preview } = orderingOn(orders);

/** A namespace of a new account with a contract, and a buyer of that account. */
async function customer(agreement: Agreement, countryCode = 'DE') {
  const accountId = await openAccount(orders, { countryCode });
  const deployment = newNamespace();
  await tellNamespace(accountId, deployment);
  const subscriptionId = await tellSubscription(orders, accountId, agreement, { deployment });
  return { accountId, subscriptionId, deploymentId: deployment.id, buyer: productViewer(accountId) };
}

async function tellNamespace(accountId: string, { id, kind, externalId }: ReturnType<typeof newNamespace>) {
  const payload = { id, kind, externalId, name: 'A deployment', accountId };
  await orders.deliver('licenses.deployment', payload, { aggregateId: id });
}

const nearlyFull = { seats: { purchased: 10, used: 9, maximum: 9 } };
const minutesUsed = [{ key: 'compute_minutes', allowance: 10_000, used: 9_500 }];
const farOver = {
  seats: { purchased: 10, used: 40, maximum: 40 },
  features: [{ key: 'compute_minutes', allowance: 10_000, used: 500_000 }],
};
const endingTrial = agreedTrial({
  term: { startDate: localDate('2026-11-01'), endDate: localDate('2026-11-28'), months: null },
});

/** A locked feature is tried. */
async function want(accountId: string, deploymentId: string, featureKey: string): Promise<void> {
  const input = { deploymentId, featureKey, kind: 'TRIED' };
  const { userErrors } = await call(productViewer(accountId), 'recordFeatureInterest', 'times', input);
  expect(userErrors).toEqual([]);
}

describe('offers', () => {
  test('say why, what it costs to the cent until midnight, and hold an order that is placed as it is', async () => {
    const { buyer, accountId, deploymentId, subscriptionId } = await customer(agreedYear(), 'NL');
    const ask = () => offers(buyer, [entitlements(deploymentId, nearlyFull)], { limit: 2 });
    // The first request of a process reads the price list and the rules as well, and keeps them.
    await ask();
    const { lists, statements } = await ask();
    expect(statements).toHaveLength(1);
    const [offer, next] = lists[0] ?? [];
    expect(offer).toMatchObject({
      ruleCode: 'SEATS_OVER_80',
      reason: 'SEATS_NEARLY_FULL',
      action: 'ORDER',
      quantity: 12,
      product: { code: 'PREMIUM', name: 'Premium' },
      price: {
        net: { amount: '10.67' },
        tax: { amount: '2.24' },
        total: { amount: '12.91', currency: 'USD' },
        restOfTerm: { amount: '450.67' },
        monthly: { amount: '40.00' },
        isContractPrice: true,
        effectiveDate: '2026-11-23',
        holdsUntil: '2026-11-23T23:00:00.000Z',
      },
      order: {
        accountId,
        expectedTotal: '12.91',
        actions: [{ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 12 } }],
      },
    });
    expect(next).toMatchObject({
      reason: 'NEXT_PLAN',
      product: { code: 'ULTIMATE' },
      price: { isContractPrice: false },
      listPrice: {
        unitPrice: { amount: '99.00', currency: 'USD' },
        source: expect.stringContaining('2026-11-01'),
      },
    });
    const { order, userErrors } = await place(buyer, { ...offer?.order });
    expect(userErrors).toEqual([]);
    expect(order?.total).toEqual({ amount: '12.91', currency: 'USD' });
    const after = await offers(buyer, [entitlements(deploymentId, nearlyFull)], { limit: 10 });
    // The order is under way: nothing more is offered until it is carried out.
    expect(after.lists).toEqual([[]]);
  });

  test('for any number of deployments, one statement', async () => {
    const accountId = await openAccount(orders);
    const kinds = ['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE', 'DEDICATED_TENANT'] as const;
    const [saas = '', own = '', tenant = ''] = await Promise.all(
      kinds.map((kind) => tellDeployment(orders, accountId, kind)),
    );
    const on = (planCode: string, purchased = 0) => ({ planCode, seats: { purchased, used: 1, maximum: 1 } });
    const refs = [
      entitlements(saas, on('FREE')),
      entitlements(own, on('ULTIMATE', 10)),
      entitlements(tenant, on('FREE')),
      entitlements(tenant, on('DEDICATED', 1_000)),
    ];
    const { lists, statements } = await offers(productViewer(accountId), refs, { limit: 10 });
    expect(lists.map((list) => list?.map(({ product, reason }) => [product.code, reason]))).toEqual([
      [['PREMIUM', 'NEXT_PLAN']],
      [],
      [['DEDICATED', 'NEXT_PLAN']],
      [],
    ]);
    expect(statements).toHaveLength(1);
  });

  test.each<[string, Agreement, Record<string, unknown>, { code: string; interest?: string } | null]>([
    ['SEATS_NEARLY_FULL', agreedYear(), nearlyFull, { code: 'PREMIUM' }],
    ['NEXT_PLAN', agreedYear(), {}, { code: 'ULTIMATE' }],
    ['ALLOWANCE_NEARLY_USED', agreedYear(), { features: minutesUsed }, { code: 'COMPUTE_MINUTES' }],
    ['FEATURE_WANTED', agreedYear(), {}, { code: 'ULTIMATE', interest: 'sast' }],
    ['TRIAL_ENDING', endingTrial, { trial: true, validUntil: '2026-11-28' }, { code: 'PREMIUM' }],
    // What is dearer follows from what the partner pays, so nothing is said of it.
    ['PLAN_CHEAPER_THAN_OVERAGE', agreedYear(), farOver, null],
  ])(
    'in a partner’s sale are the partner to ask and no price: %s',
    async (reason, agreement, use, expected) => {
      const accountId = await openAccount(orders);
      const partner = await registerPartner(orders);
      // The partner is billed in another currency than the customer would be, which nobody is to know of.
      await orders.rows(`UPDATE account SET currency = 'JPY' WHERE id = $1`, [partner.accountId]);
      const deployment = newNamespace();
      await tellNamespace(accountId, deployment);
      await tellSubscription(
        orders,
        accountId,
        { ...agreement, currency: 'JPY' },
        { deployment, soldBy: partner },
      );
      if (expected?.interest !== undefined) await want(accountId, deployment.id, expected.interest);
      for (const viewer of [productViewer(accountId), internalViewer()]) {
        const { lists, errors } = await offers(viewer, [entitlements(deployment.id, use)], { limit: 10 });
        expect(errors).toEqual([]);
        const offer = lists[0]?.find((one) => one.reason === reason) ?? null;
        const withoutPrice = {
          action: 'REQUEST_FROM_PARTNER',
          partner: { id: partner.id },
          priceMissing: 'SOLD_BY_PARTNER',
          price: null,
          listPrice: null,
          saving: null,
          order: null,
        };
        if (expected === null) expect(offer).toBeNull();
        else expect(offer).toMatchObject({ product: { code: expected.code }, ...withoutPrice });
        for (const one of lists[0] ?? []) expect(one).toMatchObject(withoutPrice);
      }
    },
  );

  test('of what another account pays say no price, nor in which currency it is billed', async () => {
    const accountId = await openAccount(orders);
    const deployment = newNamespace();
    await tellNamespace(accountId, deployment);
    const invoiceOwnerAccountId = await openAccount(orders, { currency: 'JPY' });
    await tellSubscription(orders, accountId, agreedYear({ currency: 'JPY' }), {
      deployment,
      invoiceOwnerAccountId,
    });
    const { lists } = await offers(productViewer(accountId), [entitlements(deployment.id, nearlyFull)]);
    expect(lists[0]).toMatchObject([
      {
        action: 'TALK_TO_SALES',
        priceMissing: 'PAID_BY_ANOTHER_ACCOUNT',
        price: null,
        listPrice: null,
        order: null,
      },
    ]);
  });

  test('a trial in its last days, at the price that was agreed with it', async () => {
    const { buyer, deploymentId, subscriptionId } = await customer(
      agreedTrial({
        term: { startDate: localDate('2026-11-01'), endDate: localDate('2026-11-28'), months: null },
      }),
    );
    const used = { trial: true, validUntil: '2026-11-28' };
    const { lists } = await offers(buyer, [entitlements(deploymentId, used)]);
    expect(lists[0]).toMatchObject([
      {
        reason: 'TRIAL_ENDING',
        price: { isContractPrice: true },
        order: { actions: [{ convertTrial: { subscriptionId } }] },
      },
    ]);
    expect(await preview(buyer, { actions: lists[0]?.[0]?.order?.actions })).toMatchObject({
      total: lists[0]?.[0]?.price?.total,
    });
  });

  test('are nobody else’s: neither another account’s, nor of another deployment than the token’s, nor a partner’s', async () => {
    const { deploymentId, accountId } = await customer(agreedYear());
    const refs = [entitlements(deploymentId, nearlyFull)];
    const partner = await registerPartner(orders);
    const strangers = [
      productViewer(await openAccount(orders)),
      productViewer(accountId, { deploymentId: await tellDeployment(orders, accountId) }),
      partnerViewer(partner.id),
    ];
    for (const viewer of strangers) expect((await offers(viewer, refs)).lists).toEqual([null]);
    expect((await offers(internalViewer(), refs)).lists).toMatchObject([[{ reason: 'SEATS_NEARLY_FULL' }]]);
  });

  test.each([
    [{ limit: 11 }],
    [{ limit: 0 }],
    [{ placement: 'home' }],
    [{ placement: '' }],
    [{ placement: 'A'.repeat(65) }],
  ])('%j is refused', async (asked) => {
    const { buyer, deploymentId } = await customer(agreedYear());
    const { errors } = await offers(buyer, [entitlements(deploymentId)], asked);
    expect(errors[0]?.extensions.code).toBe('ARGUMENT_INVALID');
  });
});

const started = fc.integer({ min: 0, max: 364 }).map((days) => addDays(localDate('2026-11-23'), -days));
const plans = [
  ['PREMIUM', 'Premium'],
  ['ULTIMATE', 'Ultimate'],
] as const;

/** Contracts as sales might have agreed on them, of up to three years and with prices of their own. */
const contracts: fc.Arbitrary<Agreement> = fc
  .record({
    start: started,
    years: fc.integer({ min: 1, max: 3 }),
    period: fc.constantFrom('MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR'),
    policy: fc.constantFrom('ACTUAL_DAYS', 'FIXED_30', 'STRICT_30_360', 'INCLUSIVE_DAYS', 'PER_SECOND'),
    plan: fc.constantFrom(...plans),
    quantity: fc.integer({ min: 1, max: 500 }),
    cents: fc.integer({ min: 1, max: 30_000 }),
    percent: fc.option(fc.integer({ min: 1, max: 60 })),
  })
  .map(({ start, years, period, policy, plan, quantity, cents, percent }) =>
    agreedYear({
      term: { startDate: start, endDate: addMonths(start, years * 12), months: years * 12 },
      billing: { period, anchor: start, policy },
      items: [
        agreedPremium({
          productCode: plan[0],
          productName: plan[1],
          quantity,
          unitPrice: (cents / 100).toFixed(2),
          discount: percent === null ? null : { kind: 'PERCENT', value: `${percent}`, renews: false },
        }),
      ],
    }),
  );

test('of any contract and use, every offer costs what the preview of its order says', async () => {
  await fc.assert(
    fc.asyncProperty(
      contracts,
      fc.constantFrom('DE', 'NL', 'US', 'JP'),
      // A third of the seats to three times as many: with nine tenths in use there is an offer always.
      fc.integer({ min: 30, max: 300 }),
      fc.integer({ min: 0, max: 60_000 }),
      async (agreement, countryCode, percentUsed, minutes) => {
        const { buyer, deploymentId } = await customer(agreement, countryCode);
        const [plan] = agreement.items;
        const used = Math.ceil(((plan?.quantity ?? 0) * percentUsed) / 100);
        const { lists } = await offers(
          buyer,
          [
            entitlements(deploymentId, {
              planCode: plan?.productCode,
              seats: { purchased: plan?.quantity, used, maximum: used },
              features: [{ key: 'compute_minutes', allowance: 10_000, used: minutes }],
            }),
          ],
          { limit: 10 },
        );
        if (percentUsed >= 90) expect(lists[0]).not.toHaveLength(0);
        for (const { order, price } of lists[0] ?? []) {
          const { net, tax, total, valueChange, userErrors } = {
            net: null,
            tax: null,
            ...(await preview(buyer, { actions: order?.actions })),
          };
          expect(userErrors).toEqual([]);
          expect({ net, tax, total }).toEqual({ net: price?.net, tax: price?.tax, total: price?.total });
          expect(valueChange).toMatchObject({ tcv: price?.restOfTerm, mrr: price?.monthly });
          expect(order?.expectedTotal).toBe(total?.amount);
        }
      },
    ),
    { numRuns: 20 },
  );
});

const nothing = { prices: [], features: [], orderable: true };

test('the price list is shown as it is kept', async () => {
  const { data } = await orders.query<{ products: { code: string }[] }>(
    internalViewer(),
    `{ products { code name kind description rank minimumQuantity deploymentKinds
       features { key name kind quantity } listPrices { id unitPrice { amount } } } }`,
  );
  const byCode = new Map(priceList.products.map((product) => [product.code, product]));
  expect(data?.products).toHaveLength(byCode.size);
  for (const shown of data?.products ?? []) {
    const { prices, features, orderable: _, ...product } = byCode.get(shown.code) ?? nothing;
    expect(shown).toMatchObject({
      ...product,
      // Whether an allowance may be exceeded is said of a deployment, not of the price list.
      features: features.map(({ overage: __, ...feature }) => feature),
      listPrices: prices.map(({ unitPrice }) => ({ unitPrice: { amount: unitPrice } })),
    });
  }
});

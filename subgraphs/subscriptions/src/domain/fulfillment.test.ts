import { currencies } from '@fulfillment/kernel/domain/currencies';
import { money, sum } from '@fulfillment/kernel/domain/money';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  aiAddOn,
  exampleAccount,
  type ExampleOrder,
  exampleOrder,
  freePlan,
  premium,
} from '../../test/example-order.js';
import { toAccount, toPlacedOrder } from '../service/contract-to-domain.js';
import { fulfillOrder } from './fulfillment.js';

const customer = exampleAccount('Customer');
const partner = exampleAccount('Partner', {
  billingTimeZone: 'Pacific/Auckland',
  legalEntityCode: 'EU',
  paymentTermsDays: 45,
});
const at = new Date('2026-11-24T07:30:00Z');

function fulfill(order: OrderPayload, soldTo: AccountPayload, invoiceOwner: AccountPayload) {
  const accounts = { soldTo: toAccount(soldTo), invoiceOwner: toAccount(invoiceOwner) };
  return fulfillOrder(toPlacedOrder(order), accounts, at);
}

function fulfilled(example: ExampleOrder) {
  const result = fulfill(exampleOrder(example), example.soldTo, example.invoiceOwner ?? example.soldTo);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('carrying out an order', () => {
  it('makes the first version of each subscription', () => {
    const example = { name: 'two', soldTo: customer, subscriptions: [[premium, aiAddOn], [premium]] };
    const { subscriptions } = fulfilled(example);
    const order = exampleOrder(example);
    expect(subscriptions.map(({ id }) => id)).toEqual(order.actions.map((action) => action.subscriptionId));
    expect(subscriptions[0]).toMatchObject({
      deployment: order.actions[0]?.deployment,
      currency: 'USD',
      first: {
        version: 1,
        cause: 'ORDER',
        orderId: order.id,
        recordedBy: 'person:buyer@example.com',
        recordedAt: at,
        effectiveOn: '2026-11-23',
        billingTimeZone: 'America/Los_Angeles',
        term: { startDate: '2026-11-23', endDate: '2027-11-23', months: 12 },
        autoRenewal: true,
        trial: false,
        canceledOn: null,
      },
    });
    expect(subscriptions[0]?.first.items.map((item) => item.productCode)).toEqual(['PREMIUM', 'AI_ADD_ON']);
  });

  it('bills the invoice owner, on its day and payment terms', () => {
    const { invoice } = fulfilled({
      name: 'partner',
      soldTo: customer,
      invoiceOwner: partner,
      partnerId: customer.id,
    });
    expect(invoice).toMatchObject({
      legalEntityCode: 'EU',
      invoiceOwnerAccountId: partner.id,
      // 20:30 of the 24th in Auckland, 23:30 of the 23rd in Los Angeles.
      issuedOn: '2026-11-24',
      dueOn: '2027-01-08',
      total: money(348_000n, 'USD'),
      lines: [
        { position: 1, description: 'Premium, 2026-11-23 to 2027-11-22', amount: money(348_000n, 'USD') },
      ],
    });
    expect(fulfilled({ name: 'direct', soldTo: customer }).invoice?.issuedOn).toBe('2026-11-23');
  });

  it('makes no invoice for nothing', () => {
    const { invoice, subscriptions } = fulfilled({
      name: 'free',
      soldTo: customer,
      subscriptions: [[freePlan]],
    });
    expect(invoice).toBeNull();
    expect(subscriptions).toHaveLength(1);
  });

  test.each<[string, (order: OrderPayload) => OrderPayload, string, RegExp]>([
    [
      'a charge that is a cent off',
      changeFirstCharge({ amount: { minor: '347999', currency: 'USD' } }),
      'PRICE_CHANGED',
      /PREMIUM .* was ordered at 3479\.99 USD; its price comes to 3480\.00 USD/,
    ],
    ['a charge for another quantity', changeFirstCharge({ quantity: 9 }), 'PRICE_CHANGED', /PREMIUM/],
    ['a charge at another price', changeFirstCharge({ unitPrice: '28.00' }), 'PRICE_CHANGED', /PREMIUM/],
    [
      'a charge that leaves out a month',
      changeFirstCharge({ serviceStart: '2026-12-23' }),
      'PRICE_CHANGED',
      /PREMIUM/,
    ],
    [
      'a charge for what was not ordered',
      changeFirstCharge({ productCode: 'OTHER' }),
      'PRICE_CHANGED',
      /PREMIUM is not charged/,
    ],
    [
      'an item that is not charged',
      (order) => ({ ...order, charges: [] }),
      'PRICE_CHANGED',
      /PREMIUM is not charged/,
    ],
    [
      'a charge twice',
      (order) => ({ ...order, charges: [...order.charges, ...order.charges] }),
      'PRICE_CHANGED',
      /outside the term/,
    ],
    [
      'a total that is not the sum',
      (order) => ({ ...order, total: { minor: '1', currency: 'USD' } }),
      'PRICE_CHANGED',
      /come to 3480\.00 USD, and the order says 0\.01 USD/,
    ],
    ['no plan', changeItems([aiAddOn]), 'PLAN_INVALID', /exactly one plan/],
    [
      'two plans',
      changeItems([premium, { ...premium, productCode: 'ULTIMATE' }]),
      'PLAN_INVALID',
      /exactly one plan/,
    ],
    ['a product twice', changeItems([premium, aiAddOn, aiAddOn]), 'PLAN_INVALID', /each product once/],
    [
      'a currency that the invoice owner has not',
      (order) => ({ ...order, currency: 'EUR' }),
      'CURRENCY_MISMATCH',
      /in EUR; .* has USD/,
    ],
  ])('refuses %s', (_, change, code, message) => {
    const refused = fulfill(change(exampleOrder({ name: 'bad', soldTo: customer })), customer, customer);
    expect(refused).toMatchObject({ ok: false, error: { code } });
    expect(refused.ok ? '' : refused.error.message).toMatch(message);
  });
});

function changeFirstCharge(change: Partial<OrderPayload['charges'][number]>) {
  return (order: OrderPayload): OrderPayload => ({
    ...order,
    charges: order.charges.map((charge) => ({ ...charge, ...change })),
  });
}

function changeItems(items: OrderPayload['actions'][number]['items']) {
  return (order: OrderPayload): OrderPayload => ({
    ...order,
    actions: order.actions.map((action) => ({ ...action, items })),
  });
}

describe('any order', () => {
  const price = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 9_999 }));
  const unitPrice = price.map(([whole, part]) => `${whole}.${part.toString().padStart(4, '0')}`);
  const quantity = fc.integer({ min: 1, max: 5_000 });
  const period = fc.constantFrom('MONTH' as const, 'YEAR' as const);
  const item = (plan: boolean) =>
    fc.record({ quantity, unitPrice, pricePeriod: period, billingPeriod: period }).map((drawn) => ({
      ...(plan ? premium : aiAddOn),
      ...drawn,
    }));
  const example = fc.record({
    currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    billingTimeZone: fc.constantFrom('America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Chatham'),
    termMonths: fc.constantFrom(1, 7, 12, 36),
    day: fc.integer({ min: 1, max: 31 }),
    subscriptions: fc.array(fc.tuple(item(true), item(false)), { minLength: 1, maxLength: 4 }),
  });

  it('is billed to the cent as it was frozen, and the same each time', () => {
    fc.assert(
      fc.property(example, ({ currency, billingTimeZone, termMonths, day, subscriptions }) => {
        const soldTo = exampleAccount('Any', { currency, billingTimeZone });
        const effectiveDate = `2028-01-${day.toString().padStart(2, '0')}`;
        const given = { name: 'any', soldTo, effectiveDate, termMonths, subscriptions };
        const order = exampleOrder(given);
        const { invoice } = fulfilled(given);
        expect(fulfilled(given)).toEqual(fulfilled(given));
        expect(invoice?.total.minor ?? 0n).toBe(BigInt(order.total.minor));
        if (!invoice) return;
        expect(Object.keys(currencies)).toContain(invoice.currency);
        expect(
          sum(
            invoice.lines.map(({ amount }) => amount),
            invoice.currency,
          ),
        ).toEqual(invoice.total);
        expect(invoice.lines.map(({ amount }) => amount.minor.toString())).toEqual(
          order.charges.map((charge) => charge.amount.minor),
        );
      }),
    );
  });
});

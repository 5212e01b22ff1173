import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { expect, test } from 'vitest';
import { aiAddOn, exampleAccount, exampleOrder, premium } from '../../test/example-order.js';
import { toPlacedOrder } from '../service/contract-to-domain.js';
import { priceDifference } from './price-check.js';

const order = exampleOrder({
  name: 'priced',
  soldTo: exampleAccount('Customer'),
  subscriptions: [[premium, aiAddOn]],
  taxRate: '25',
});
const expected = toPlacedOrder(order).charges;

/** What is said of the order after a change, when its lines should come to what they came to before. */
function differenceAfter(change: (order: OrderPayload) => OrderPayload): string | null {
  return priceDifference(toPlacedOrder(change(order)), expected);
}

type Charge = OrderPayload['charges'][number];

function firstCharge(change: Partial<Charge>) {
  return (given: OrderPayload): OrderPayload => {
    const [first, ...others] = given.charges;
    return first === undefined ? given : { ...given, charges: [{ ...first, ...change }, ...others] };
  };
}

const usd = (minor: string) => ({ minor, currency: 'USD' });
const [first] = order.charges;
if (first === undefined) throw new Error('The order has a charge');

test('nothing differs when it is what was worked out', () => {
  expect(differenceAfter((given) => given)).toBeNull();
});

test.each<[string, (given: OrderPayload) => OrderPayload, RegExp]>([
  [
    'an amount',
    firstCharge({ amount: usd('347999') }),
    /PREMIUM comes to 3480\.00 USD for 2026-11-23 to 2027-11-23, and the order says 3479\.99 USD/,
  ],
  ['a currency', firstCharge({ amount: { minor: '348000', currency: 'EUR' } }), /says 3480\.00 EUR/],
  ['a quantity', firstCharge({ quantity: 9 }), /PREMIUM comes to/],
  ['a unit price', firstCharge({ unitPrice: '29.0' }), /PREMIUM comes to/],
  ['a price period', firstCharge({ pricePeriod: 'YEAR' }), /PREMIUM comes to/],
  ['a first day', firstCharge({ serviceStart: '2026-12-23' }), /for 2026-12-23 to 2027-11-23/],
  ['an end', firstCharge({ serviceEnd: '2027-10-23' }), /for 2026-11-23 to 2027-10-23/],
  ['a ratio', firstCharge({ prorationRatio: '0.5' }), /PREMIUM comes to/],
  ['a policy', firstCharge({ prorationPolicy: 'FIXED_30' }), /PREMIUM comes to/],
  ['a kind', firstCharge({ kind: 'DISCOUNT' }), /PREMIUM comes to/],
  ['a product', firstCharge({ productCode: 'OTHER' }), /PREMIUM comes to/],
  ['a subscription', firstCharge({ subscriptionId: aiAddOn.productCode }), /PREMIUM comes to/],
  [
    'a tax',
    firstCharge({ tax: { ...first.tax, amount: usd('86999') } }),
    /tax of PREMIUM comes to 870\.00 USD, and the order says 869\.99 USD/,
  ],
  [
    'a line too few',
    (given) => ({ ...given, charges: given.charges.slice(0, 1) }),
    /AI_ADD_ON comes to 1140\.00 USD .*, and has no line/,
  ],
  [
    'a line too many',
    (given) => ({ ...given, charges: [...given.charges, first] }),
    /PREMIUM has a line of 3480\.00 USD that is not due/,
  ],
  ['the order of lines', (given) => ({ ...given, charges: given.charges.toReversed() }), /PREMIUM comes to/],
  [
    'the total',
    (given) => ({ ...given, total: usd('577501') }),
    /come to 5775\.00 USD, and the order says 5775\.01 USD/,
  ],
])('%s that differs is told', (_, change, message) => {
  expect(differenceAfter(change)).toMatch(message);
});

test('the rate of a tax is the order’s own', () => {
  const untaxed = (given: OrderPayload): OrderPayload => ({
    ...given,
    charges: given.charges.map((charge) => ({
      ...charge,
      tax: { ...charge.tax, rate: '0', amount: usd('0') },
    })),
    total: usd('462000'),
  });
  expect(differenceAfter(untaxed)).toBeNull();
});

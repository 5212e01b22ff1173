import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { priceList } from '../../catalog/price-list.js';
import { type Price, priceId, priceOn, type Product } from './product.js';
import { PriceListVersionError, productsToStore } from './price-list.js';

const [premium] = priceList.products.filter(({ code }) => code === 'PREMIUM') as [Product];
const [price] = premium.prices as [Price];
const changing: Product = {
  ...premium,
  prices: [
    { ...price, unitPrice: '19.00', validFrom: localDate('2023-01-01'), validUntil: localDate('2023-04-03') },
    { ...price, validUntil: localDate('2027-01-01') },
  ],
};

describe('the price on a day', () => {
  test.each([
    ['2022-12-31', null],
    ['2023-01-01', '19.00'],
    ['2023-04-02', '19.00'],
    ['2023-04-03', '29.00'],
    ['2026-12-31', '29.00'],
    ['2027-01-01', null],
  ])('%s: %s', (day, unitPrice) => {
    expect(priceOn(changing, 'USD', localDate(day))?.unitPrice ?? null).toBe(unitPrice);
    expect(priceOn(changing, 'EUR', localDate(day))).toBeNull();
  });
});

describe('the published list', () => {
  test('its prices are those of the source', () => {
    const prices = priceList.products.map(({ code, prices: [listed] }) => [
      code,
      listed?.unitPrice,
      listed?.pricePeriod,
      listed?.unitSize,
    ]);
    expect(prices).toEqual([
      ['FREE', '0.00', 'MONTH', 1],
      ['PREMIUM', '29.00', 'MONTH', 1],
      ['ULTIMATE', '99.00', 'MONTH', 1],
      ['DEDICATED', '99.00', 'MONTH', 1],
      ['AI_ADD_ON', '19.00', 'MONTH', 1],
      ['AI_ENTERPRISE_ADD_ON', '39.00', 'MONTH', 1],
      ['COMPUTE_MINUTES', '10.00', 'ONE_TIME', 1_000],
      ['STORAGE', '60.00', 'YEAR', 10],
    ]);
  });

  test('every feature key has one name and one kind, and no price comes twice', () => {
    const features = priceList.products.flatMap(({ features }) => features);
    const named = new Set(features.map(({ key, name, kind }) => JSON.stringify([key, name, kind])));
    expect(named.size).toBe(new Set(features.map(({ key }) => key)).size);
    for (const product of priceList.products) {
      expect(new Set(product.features.map(({ key }) => key)).size).toBe(product.features.length);
    }
    const ids = priceList.products.flatMap(({ code, prices }) =>
      prices.map((listed) => priceId(code, listed)),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a better plan has all that the one below has', () => {
    const plans = priceList.products.filter(({ kind }) => kind === 'PLAN');
    const lost = plans.slice(1).flatMap((plan, index) => {
      const better = new Set(plan.features.map(({ key }) => key));
      return plans[index]?.features.filter(({ key }) => !better.has(key));
    });
    expect(lost).toEqual([]);
  });
});

describe('what has to be stored for a list to hold', () => {
  const list = { version: 2, products: [premium] };
  const stored = (product: Product) => [{ ...product, version: 4 }];

  test('a product that is new or has changed, with its next version', () => {
    expect(productsToStore(list, 0, [])).toEqual([{ ...premium, version: 1 }]);
    expect(productsToStore(list, 1, stored(changing))).toEqual([{ ...premium, version: 5 }]);
  });

  test('nothing when it holds already, in whatever order the fields are stored', () => {
    const reordered = Object.fromEntries(Object.entries(premium).toReversed()) as unknown as Product;
    expect(productsToStore(list, 1, stored(reordered))).toEqual([]);
    expect(productsToStore(list, 2, stored(reordered))).toEqual([]);
  });

  test('nothing when a newer list was loaded', () => {
    expect(productsToStore(list, 3, stored(changing))).toEqual([]);
  });

  test('a change without a new version is refused', () => {
    expect(() => productsToStore(list, 2, stored(changing))).toThrow(PriceListVersionError);
  });
});

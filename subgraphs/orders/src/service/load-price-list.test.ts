import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { priceList } from '../catalog/price-list.js';
import { ordersDefinition } from '../definition.js';
import type { PriceList } from '../domain/catalog/price-list.js';
import { loadPriceList } from './load-price-list.js';

const database = await cloneDatabase(ordersDefinition);
const { dataSource, transaction } = await openUnitOfWork(ordersDefinition, database.url);
const load = (list: PriceList) => transaction((unit) => loadPriceList(unit, list));
const promised = (): Promise<{ aggregate_id: string; sequence: number }[]> =>
  dataSource.query(
    `SELECT aggregate_id, sequence FROM outbox WHERE topic = 'orders.product' ORDER BY position`,
  );

test('replicas that start at once load and tell the list once, and a newer list what changed', async () => {
  await Promise.all([load(priceList), load(priceList), load(priceList)]);
  await load(priceList);
  const codes = priceList.products.map(({ code }) => code);
  expect(await promised()).toEqual(codes.map((code) => ({ aggregate_id: code, sequence: 1 })));
  const stored = await transaction(({ catalog }) => catalog.products());
  expect(stored.toSorted((a, b) => codes.indexOf(a.code) - codes.indexOf(b.code))).toEqual(
    priceList.products.map((product) => ({ ...product, version: 1 })),
  );

  const [first, ...others] = priceList.products;
  if (!first) throw new Error('The price list is empty');
  const renamed = { version: 2, products: [{ ...first, name: 'Free of charge' }, ...others] };
  await load(renamed);
  expect((await promised()).slice(codes.length)).toEqual([{ aggregate_id: first.code, sequence: 2 }]);

  // A replica of the release before starts once more: the newer list stays.
  await load(priceList);
  const names = (await transaction(({ catalog }) => catalog.products())).map(({ name }) => name);
  expect(names).toContain('Free of charge');
  await expect(load({ ...renamed, products: priceList.products })).rejects.toThrow('still has version 2');
});

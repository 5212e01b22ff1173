import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import { beforeAll, expect, test } from 'vitest';
import { startingOfferRules } from '../catalog/offer-rules.js';
import { priceList } from '../catalog/price-list.js';
import { ordersDefinition } from '../definition.js';
import type { PriceList } from '../domain/catalog/price-list.js';
import { loadPriceList } from '../service/load-price-list.js';
import { installOfferRules } from '../service/offers/save-offer-rule.js';
import { type KeptRead, type KeptRecord, readKeptOfferRules, readKeptProducts } from './kept-catalog.js';

const database = await cloneDatabase(ordersDefinition);
const { dataSource, transaction } = await openUnitOfWork(ordersDefinition, database.url);
const { manager } = dataSource;
const load = (list: PriceList) => transaction((unit) => loadPriceList(unit, list));

beforeAll(async () => {
  await load(priceList);
  await transaction((unit) => installOfferRules(unit, startingOfferRules));
});

/** What a read gives, and whether it brought the rows along. */
async function read<Record, Value>(kept: KeptRead<Record, Value>) {
  const [row] = await query<{ kept: KeptRecord<Record> }>(manager, sql`SELECT ${kept.column} AS kept`);
  if (row === undefined) throw new Error('There is a row without FROM');
  return { cameAlong: row.kept.all !== null, values: kept.take(row.kept) };
}

test('products come along once for each version of the price list, as the list has them', async () => {
  const [first, ...others] = priceList.products;
  if (first === undefined) throw new Error('The price list is empty');
  expect((await read(readKeptProducts(manager))).cameAlong).toBe(true);
  const again = await read(readKeptProducts(manager));
  expect(again.cameAlong).toBe(false);
  expect(again.values).toEqual(await transaction(({ catalog }) => catalog.products()));

  await load({ version: priceList.version + 1, products: [{ ...first, name: 'Renamed' }, ...others] });
  const changed = await read(readKeptProducts(manager));
  expect(changed.cameAlong).toBe(true);
  expect(changed.values).toEqual(await transaction(({ catalog }) => catalog.products()));
  expect(changed.values.map(({ name }) => name)).toContain('Renamed');
});

test('a rule that is changed comes along, whichever it is', async () => {
  await read(readKeptOfferRules(manager));
  const { cameAlong, values } = await read(readKeptOfferRules(manager));
  expect(cameAlong).toBe(false);
  expect(values.length).toBeGreaterThan(1);
  for (const rule of values) {
    const stored = { ...rule, priority: rule.priority + 1, version: rule.version + 1 };
    await transaction(({ offers }) => offers.saveRule(stored, { at: new Date(), by: 'somebody' }));
    const after = await read(readKeptOfferRules(manager));
    expect(after.cameAlong).toBe(true);
    expect(after.values).toContainEqual(stored);
  }
});

test('a read that was sent before another one took a newer version gives what it spoke of', async () => {
  await read(readKeptProducts(manager));
  const before = readKeptProducts(manager);
  const old = await read(before);
  await load({ version: priceList.version + 2, products: priceList.products });
  const newer = await read(readKeptProducts(manager));
  expect(newer.values).not.toEqual(old.values);
  expect(before.take({ version: 'any', all: null })).toEqual(old.values);
});

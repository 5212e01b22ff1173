import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import type { KeptRead } from '@fulfillment/kernel/server/kept-rows';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { beforeAll, expect, test, vi } from 'vitest';
import { startingOfferRules } from '../catalog/offer-rules.js';
import { priceList } from '../catalog/price-list.js';
import { ordersDefinition } from '../definition.js';
import type { PriceList } from '../domain/catalog/price-list.js';
import { loadPriceList } from '../service/load-price-list.js';
import { installOfferRules } from '../service/offers/save-offer-rule.js';
import { readKeptOfferRules, readKeptProducts } from './kept-catalog.js';

const database = await cloneDatabase(ordersDefinition);
const { dataSource, transaction } = await openUnitOfWork(ordersDefinition, database.url);
const { manager } = dataSource;
const load = (list: PriceList) => transaction((unit) => loadPriceList(unit, list));

beforeAll(async () => {
  await load(priceList);
  await transaction((unit) => installOfferRules(unit, startingOfferRules));
});

/** What a read gives, and whether its rows are those that are kept or were read anew. */
async function read<Value>(kept: KeptRead<Value>, by: EntityManager = manager) {
  const [row] = await query<{ version: string }>(by, sql`SELECT ${kept.version} AS version`);
  if (row === undefined) throw new Error('There is a row without FROM');
  const reads = vi.spyOn(by, 'query');
  const values = await kept.take(row.version);
  const how = reads.mock.calls.length > 0 ? 'READ' : 'KEPT';
  reads.mockRestore();
  return { how, values };
}

test('products are read the first time, and again for each version of the price list, as the list has them', async () => {
  const [first, ...others] = priceList.products;
  if (first === undefined) throw new Error('The price list is empty');
  expect((await read(readKeptProducts(manager))).how).toBe('READ');
  const again = await read(readKeptProducts(manager));
  expect(again.how).toBe('KEPT');
  expect(again.values).toEqual(await transaction(({ catalog }) => catalog.products()));

  await load({ version: priceList.version + 1, products: [{ ...first, name: 'Renamed' }, ...others] });
  const changed = await read(readKeptProducts(manager));
  expect(changed.how).toBe('READ');
  expect(changed.values).toEqual(await transaction(({ catalog }) => catalog.products()));
  expect(changed.values.map(({ name }) => name)).toContain('Renamed');
});

test('rules are read again when one is changed, whichever it is', async () => {
  await read(readKeptOfferRules(manager));
  const { how, values } = await read(readKeptOfferRules(manager));
  expect(how).toBe('KEPT');
  expect(values.length).toBeGreaterThan(1);
  for (const rule of values) {
    const stored = { ...rule, priority: rule.priority + 1, version: rule.version + 1 };
    await transaction(({ offers }) => offers.saveRule(stored, { at: new Date(), by: 'somebody' }));
    const after = await read(readKeptOfferRules(manager));
    expect(after.how).toBe('READ');
    expect(after.values).toContainEqual(stored);
  }
});

test('a read that was sent before another one took a newer version gives what it spoke of', async () => {
  await read(readKeptProducts(manager));
  const before = readKeptProducts(manager);
  const [sent] = await query<{ version: string }>(manager, sql`SELECT ${before.version} AS version`);
  const old = await read(before);
  await load({ version: priceList.version + 2, products: priceList.products });
  const newer = await read(readKeptProducts(manager));
  expect(newer.values).not.toEqual(old.values);
  expect(await before.take(sent?.version ?? '')).toEqual(old.values);
});

test('what a transaction reads is not kept: it may take back what it wrote', async () => {
  const { values } = await read(readKeptProducts(manager));
  const undone = dataSource.transaction(async (inside) => {
    await inside.query(
      'UPDATE price_list SET version = version + 1 WHERE version = (SELECT max(version) FROM price_list)',
    );
    await inside.query("UPDATE product SET name = 'Taken back'");
    const own = await read(readKeptProducts(inside), inside);
    expect(own.values.map(({ name }) => name)).toContain('Taken back');
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  const after = await read(readKeptProducts(manager));
  expect(after).toEqual({ how: 'KEPT', values });
});

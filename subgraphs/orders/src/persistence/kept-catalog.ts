import { keepRows } from '@fulfillment/kernel/server/kept-rows';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { StoredProduct } from '../domain/catalog/price-list.js';
import type { StoredOfferRule } from '../domain/offers/rule.js';
import { productColumns } from './catalog-store.js';
import { offerRuleFromRow, type OfferRuleRecord } from './offer-rule-rows.js';
import { productFromRow, type ProductRecord } from './product-rows.js';

/** Every product that was ever loaded: the plans from small to large, then the add-ons. */
export const readKeptProducts = keepRows<ProductRecord, readonly StoredProduct[]>({
  // A price list that was changed has a new version, in a row of its own (`loadPriceList`).
  version: sql`ARRAY(SELECT version FROM price_list)::text`,
  all: sql`(SELECT coalesce(json_agg(listed ORDER BY listed.rank NULLS LAST, listed.code), '[]')
            FROM (SELECT ${productColumns} FROM product) AS listed)`,
  fromRecords: (records) => records.map(productFromRow),
});

/** Every rule of offers. */
export const readKeptOfferRules = keepRows<OfferRuleRecord, readonly StoredOfferRule[]>({
  // A change of a rule is a version more, and none is ever taken away.
  version: sql`ARRAY(SELECT version FROM offer_rule)::text`,
  all: sql`(SELECT coalesce(json_agg(r), '[]') FROM offer_rule AS r)`,
  fromRecords: (records) => records.map(offerRuleFromRow),
});

/** The products, by a statement of its own. */
export async function selectKeptProducts(manager: EntityManager): Promise<readonly StoredProduct[]> {
  const read = readKeptProducts(manager);
  const [row] = await query<{ version: string }>(manager, sql`SELECT ${read.version} AS version`);
  return row === undefined ? [] : read.take(row.version);
}

import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { StoredProduct } from '../domain/catalog/price-list.js';
import type { StoredOfferRule } from '../domain/offers/rule.js';
import { productColumns } from './catalog-store.js';
import { offerRuleFromRow, type OfferRuleRecord } from './offer-rule-rows.js';
import { productFromRow, type ProductRecord } from './product-rows.js';

/*
 * The price list and the rules of offers are small, the same for everybody, and needed on every page load. A process keeps
 * them. Each statement that needs them says which version is kept: they come along where that is not the present one. So
 * nothing is shown of a version that is over, and no statement more is sent.
 */

/** Rows of one kind, all of them, as one statement among others reads them. */
interface Kind<Record, Value> {
  /** Another one after every change. */
  readonly version: Sql;
  readonly all: Sql;
  readonly fromRow: (record: Record) => Value;
  /** By the manager of reads: there is one for each database. */
  readonly kept: WeakMap<EntityManager, Kept<Value>>;
}

interface Kept<Value> {
  readonly version: string;
  readonly values: readonly Value[];
}

/** What comes of it in a row; `all` is null when the kept ones hold. */
export interface KeptRecord<Record> {
  version: string;
  all: Record[] | null;
}

/** A read of one kind as part of a statement. */
export interface KeptRead<Record, Value> {
  /** Gives a `KeptRecord`. */
  readonly column: Sql;
  readonly take: (record: KeptRecord<Record>) => readonly Value[];
}

const products: Kind<ProductRecord, StoredProduct> = {
  // A price list that was changed has a new version (`loadPriceList`).
  version: sql`(SELECT coalesce(max(version), 0)::text FROM price_list)`,
  all: sql`(SELECT coalesce(json_agg(listed ORDER BY listed.rank NULLS LAST, listed.code), '[]')
            FROM (SELECT ${productColumns} FROM product) AS listed)`,
  fromRow: productFromRow,
  kept: new WeakMap(),
};

const offerRules: Kind<OfferRuleRecord, StoredOfferRule> = {
  // A change of a rule is a version more, and none is ever taken away.
  version: sql`(SELECT coalesce(sum(version), 0)::text FROM offer_rule)`,
  all: sql`(SELECT coalesce(json_agg(r), '[]') FROM offer_rule AS r)`,
  fromRow: offerRuleFromRow,
  kept: new WeakMap(),
};

/** Every product that was ever loaded: the plans from small to large, then the add-ons. */
export function readKeptProducts(manager: EntityManager): KeptRead<ProductRecord, StoredProduct> {
  return readKept(manager, products);
}

/** Every rule of offers. */
export function readKeptOfferRules(manager: EntityManager): KeptRead<OfferRuleRecord, StoredOfferRule> {
  return readKept(manager, offerRules);
}

/** The products, by a statement of its own. */
export async function selectKeptProducts(manager: EntityManager): Promise<readonly StoredProduct[]> {
  const read = readKeptProducts(manager);
  const [row] = await query<{ products: KeptRecord<ProductRecord> }>(
    manager,
    sql`SELECT ${read.column} AS products`,
  );
  return row === undefined ? [] : read.take(row.products);
}

function readKept<Record, Value>(
  manager: EntityManager,
  { version, all, fromRow, kept }: Kind<Record, Value>,
): KeptRead<Record, Value> {
  // What is kept when the statement is sent is what it speaks of, whatever others take meanwhile.
  const known = kept.get(manager);
  return {
    column: sql`(
      SELECT json_build_object('version', v.version, 'all',
        CASE WHEN v.version IS DISTINCT FROM ${known?.version ?? null}::text THEN ${all} END)
      FROM (SELECT ${version} AS version) AS v)`,
    take: (record) => {
      if (known !== undefined && record.all === null) return known.values;
      const values = (record.all ?? []).map(fromRow);
      kept.set(manager, { version: record.version, values });
      return values;
    },
  };
}

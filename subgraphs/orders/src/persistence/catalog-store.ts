import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { StoredProduct } from '../domain/catalog/price-list.js';
import type { CatalogStore } from '../service/ports.js';
import { priceEntity, priceListEntity, productEntity } from './entities.js';
import { priceToRow, productFromRow, type ProductRecord, productToRow } from './product-rows.js';

/** Any constant: it names the lock that keeps two starting replicas from loading the price list at once. */
const priceListLock = 7_263_551;

export function createCatalogStore(manager: EntityManager): CatalogStore {
  return {
    async lock() {
      await query(manager, sql`SELECT pg_advisory_xact_lock(${priceListLock})`);
    },

    async loadedVersion() {
      const [row] = await query<{ version: number | null }>(
        manager,
        sql`SELECT max(version) AS version FROM price_list`,
      );
      return row?.version ?? 0;
    },

    products: () => selectProducts(manager),

    async store(version, products) {
      const prices = products.flatMap((product) =>
        product.prices.map((price, position) => priceToRow(product.code, price, position)),
      );
      if (products.length > 0) await manager.upsert(productEntity, products.map(productToRow), ['code']);
      if (prices.length > 0) await manager.upsert(priceEntity, prices, ['id']);
      await manager.insert(priceListEntity, { version });
    },
  };
}

/** Every product that was ever loaded: the plans from small to large, then the add-ons. The price list is small and public. */
export async function selectProducts(manager: EntityManager): Promise<StoredProduct[]> {
  const rows = await query<ProductRecord>(
    manager,
    sql`SELECT ${productColumns} FROM product ORDER BY product.rank NULLS LAST, product.code`,
  );
  return rows.map(productFromRow);
}

/** The columns of a `product` with its prices, as `productFromRow` reads them. */
export const productColumns = raw(`product.*, (
  SELECT coalesce(json_agg(json_build_object(
    'unitPrice', price.unit_price, 'currency', price.currency, 'unit', price.unit, 'unitSize', price.unit_size,
    'pricePeriod', price.price_period, 'billingPeriod', price.billing_period, 'validFrom', price.valid_from,
    'validUntil', price.valid_until, 'source', price.source) ORDER BY price.position), '[]')
  FROM price WHERE price.product_code = product.code) AS prices`);

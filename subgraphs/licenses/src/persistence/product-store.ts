import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { ProductStore } from '../service/ports.js';
import { productToRow } from './mapping.js';

export function createProductStore(manager: EntityManager): ProductStore {
  return {
    async put(product) {
      const row = productToRow(product);
      await query(
        manager,
        sql`INSERT INTO product AS existing (code, version, name, features, recorded_at)
            VALUES (${row.code}, ${row.version}, ${row.name}, ${JSON.stringify(row.features)}, ${row.recordedAt})
            ON CONFLICT (code) DO UPDATE SET
              version = excluded.version, name = excluded.name, features = excluded.features,
              recorded_at = excluded.recorded_at
            WHERE existing.version < excluded.version`,
      );
    },
  };
}

import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { OfferedDeployment, OfferReader } from '../service/read-offers.js';
import { productColumns } from './catalog-store.js';
import { productFromRow, type ProductRecord } from './product-rows.js';
import { deploymentVisible } from './visibility.js';

/** One row with both: an entities request costs one statement. */
interface OfferRecord {
  deployments: OfferedDeployment[];
  products: ProductRecord[];
}

/** What a request reads for offers, as its viewer may see it at `now`. */
export function createOfferReads(manager: EntityManager, viewer: Viewer, now: Date): OfferReader {
  return {
    async offerFacts(deploymentIds) {
      const [row] = await query<OfferRecord>(
        manager,
        sql`
          SELECT (
            SELECT coalesce(json_agg(json_build_object(
              'id', d.id, 'kind', d.kind, 'accountId', a.id, 'billingTimeZone', a.billing_time_zone,
              'currency', a.currency)), '[]')
            FROM known_deployment AS d
            JOIN account AS a ON a.id = d.account_id
            WHERE d.id = ANY(${deploymentIds}::uuid[]) AND ${deploymentVisible(viewer, now)}
          ) AS deployments, (
            SELECT coalesce(json_agg(listed), '[]') FROM (SELECT ${productColumns} FROM product) AS listed
          ) AS products`,
      );
      return { deployments: row?.deployments ?? [], products: (row?.products ?? []).map(productFromRow) };
    },
  };
}

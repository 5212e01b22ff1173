import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { keepRows, type KeptRead, type KeptRecord } from '@fulfillment/kernel/server/kept-rows';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { empty, type Sql } from 'sql-template-tag';
import type { AgreedSubscription } from '../domain/agreed-subscription.js';
import type { Products } from '../domain/product.js';
import type { DeploymentFacts } from '../service/ports.js';
import { deploymentColumns } from './deployment-store.js';
import type { DeploymentRow, FeatureUsageJson, ProductRow } from './entities.js';
import {
  grantFromJson,
  grantJson,
  readingFromJson,
  type AllowanceReadingJson,
  type EntitlementGrantJson,
} from './entitlement-mapping.js';
import {
  deploymentFromRow,
  featureUseFromJson,
  productFromRow,
  seatReportFromRow,
  subscriptionFromRow,
  type SubscriptionRowOrJson,
} from './mapping.js';
import type { SeatUsageRow } from './seat-entities.js';
import { subscriptionFields } from './subscription-store.js';
import { deploymentVisible, deploymentVisibleWhole, subscriptionGranted } from './visibility.js';

type SubscriptionJson = SubscriptionRowOrJson & { granted: boolean };
type SeatJson = Pick<SeatUsageRow, 'used' | 'maximum' | 'maximumSince'> & { reportedAt: string };

export type ProductJson = Omit<ProductRow, 'recordedAt'> & { recordedAt: string };

/** A deployment with all that its entitlements are worked out from, as `factsOf` gives it. */
export interface FactsRow extends DeploymentRow {
  visibleWhole: boolean;
  subscriptions: SubscriptionJson[] | null;
  seats: SeatJson | null;
  addOnSeats: Record<string, number> | null;
  featureUsage: FeatureUsageJson[] | null;
  readings: AllowanceReadingJson[] | null;
  grants: EntitlementGrantJson[] | null;
  products: KeptRecord<ProductJson>;
}

/** All that the entitlements of deployments are worked out from, in one statement. */
export async function selectDeploymentFacts(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  deploymentIds: readonly string[],
): Promise<DeploymentFacts[]> {
  const visible = sql`
    SELECT d.*, ${deploymentVisibleWhole(viewer, now)} AS visible_whole
    FROM deployment AS d
    WHERE ${isOneOf('d.id', deploymentIds)} AND ${deploymentVisible(viewer, now)}`;
  const products = readKeptProducts(manager);
  const rows = await query<FactsRow>(manager, factsOf(visible, products, subscriptionGranted(viewer, now)));
  return factsFromRows(rows, products);
}

/** Every product that has arrived. */
export const readKeptProducts = keepRows<ProductJson, Products>({
  // A change of a product is a version more of it, and none is ever taken away but all of them together.
  version: sql`(SELECT count(*) || '.' || coalesce(sum(version), 0) FROM product)`,
  all: sql`(SELECT coalesce(json_agg(json_build_object(
              'code', p.code, 'version', p.version, 'name', p.name, 'features', p.features,
              'recordedAt', p.recorded_at)), '[]') FROM product AS p)`,
  fromRecords: (records) => new Map(records.map((record) => [record.code, productFromRow(record)] as const)),
});

export type ReadProducts = KeptRead<ProductJson, Products>;

/** @param products as they were when the rows' statement was made */
export async function factsFromRows(
  rows: readonly FactsRow[],
  products: ReadProducts,
): Promise<DeploymentFacts[]> {
  const kept = rows[0]?.products;
  if (kept === undefined) return [];
  const all = await products.take(kept);
  return rows.map((row) => fromRow(row, all));
}

/**
 * @param visible selects the columns of `deployment` and `visible_whole`
 * @param granted whether a `billing_subscription AS s` was granted by itself
 * @param more further columns, of the deployment `AS d`, each after a comma
 */
export function factsOf(visible: Sql, products: ReadProducts, granted: Sql, more: Sql = empty): Sql {
  return sql`
    WITH visible AS MATERIALIZED (${visible})
    SELECT ${deploymentColumns}, d.visible_whole AS "visibleWhole",
      (SELECT json_agg(json_build_object(
           ${subscriptionFields}, 'granted', ${granted}))
       FROM billing_subscription AS s
       WHERE s.deployment_id = d.id AND s.account_id = d.account_id) AS subscriptions,
      (SELECT json_build_object('used', u.used, 'maximum', u.maximum, 'maximumSince', u.maximum_since,
                                 'reportedAt', u.reported_at)
       FROM seat_usage AS u WHERE u.deployment_id = d.id) AS seats,
      (SELECT json_object_agg(p.product_code, p.assigned)
       FROM add_on_pool AS p WHERE p.deployment_id = d.id) AS "addOnSeats",
      (SELECT json_agg(json_build_object('featureKey', f.feature_key, 'used', f.used, 'observedAt', f.observed_at))
       FROM feature_usage AS f WHERE f.deployment_id = d.id) AS "featureUsage",
      (SELECT json_agg(json_build_object('featureKey', r.feature_key, 'source', r.source, 'partFrom', r.part_from,
                                           'month', r.month, 'measuredAt', r.measured_at, 'total', r.total,
                                           'quota', r.quota))
       FROM allowance_reading AS r WHERE r.deployment_id = d.id) AS readings,
      (SELECT json_agg(${grantJson})
       FROM entitlement_grant AS g WHERE g.deployment_id = d.id OR g.account_id = d.account_id) AS grants,
      ${products.column} AS products${more}
    FROM visible AS d`;
}

function fromRow(row: FactsRow, products: Products): DeploymentFacts {
  const {
    visibleWhole,
    subscriptions,
    seats,
    addOnSeats,
    featureUsage,
    readings,
    grants,
    products: _,
    ...deployment
  } = row;
  const agreed = subscriptions ?? [];
  return {
    deployment: deploymentFromRow(deployment),
    facts: {
      subscriptions: agreed.map(toSubscription),
      products,
      grants: (grants ?? []).map(grantFromJson),
      usage: {
        addOnSeats: new Map(Object.entries(addOnSeats ?? {})),
        seats: seats && seatReportFromRow({ ...seats, reportedAt: new Date(seats.reportedAt) }),
        features: (featureUsage ?? []).map(featureUseFromJson),
        allowances: (readings ?? []).map(readingFromJson),
      },
    },
    visibleSubscriptions: visibleWhole
      ? 'ALL'
      : new Set(agreed.filter(({ granted }) => granted).map(({ id }) => id)),
  };
}

function toSubscription(json: SubscriptionJson): AgreedSubscription {
  const { granted: _, ...row } = json;
  return subscriptionFromRow(row);
}

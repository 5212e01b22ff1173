import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { keepRows, type KeptRead } from '@fulfillment/kernel/server/kept-rows';
import { isOneOf, jsonRows, query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { empty, type Sql } from 'sql-template-tag';
import type { AgreedSubscription } from '../domain/agreed-subscription.js';
import type { Products } from '../domain/product.js';
import type { DeploymentFacts } from '../service/ports.js';
import { deploymentColumns } from './deployment-store.js';
import type { DeploymentRow, FeatureUsageJson, ProductRow } from './entities.js';
import {
  grantFromJson,
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
import { subscriptionColumns } from './subscription-store.js';
import { deploymentOwn, deploymentVisibleWhole, subscriptionGranted } from './visibility.js';

/** Whether it was granted by itself is left out where the deployment is seen whole anyway. */
type SubscriptionJson = SubscriptionRowOrJson & { granted?: boolean };
type SeatJson = Pick<SeatUsageRow, 'used' | 'maximum' | 'maximumSince'> & { reportedAt: string };

export type ProductJson = Omit<ProductRow, 'recordedAt'> & { recordedAt: string };

/** A deployment with all that its entitlements are worked out from, as `factsOf` gives it. */
export interface FactsRow extends DeploymentRow {
  visibleWhole: boolean;
  subscriptions: SubscriptionJson[] | null;
  seats: SeatJson | null;
  addOnSeats: Record<string, number> | null;
  featureUsage: FeatureUsageJson[];
  readings: AllowanceReadingJson[];
  grants: EntitlementGrantJson[];
  productsVersion: string;
}

/**
 * All that the entitlements of deployments are worked out from, as far as the viewer may see them (`deploymentVisible`), in one
 * statement. Nearly always a product asks for one deployment, its own: that costs less to read whole, and only where there is none
 * a second statement looks for what was granted of it.
 */
export async function selectDeploymentFacts(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  deploymentIds: readonly string[],
): Promise<DeploymentFacts[]> {
  const select = async (visible: Sql) => {
    const products = readKeptProducts(manager);
    return factsFromRows(await query<FactsRow>(manager, factsOf(visible, products)), products);
  };
  if (viewer.audience !== 'partner' && deploymentIds.length === 1) {
    const whole = await select(seenWhole(viewer, now, deploymentIds));
    if (whole.length > 0) return whole;
  }
  return select(seenInPart(viewer, now, deploymentIds));
}

/** The subscriptions of the account that has a `deployment AS d`, as JSON. */
export const subscriptionsOfDeployment = jsonRows(sql`
  SELECT ${subscriptionColumns} FROM billing_subscription AS s
  WHERE s.deployment_id = d.id AND s.account_id = d.account_id`);

function seenWhole(viewer: Viewer, now: Date, deploymentIds: readonly string[]): Sql {
  return sql`
    SELECT d.*, TRUE AS visible_whole, ${subscriptionsOfDeployment} AS subscriptions
    FROM deployment AS d WHERE ${isOneOf('d.id', deploymentIds)} AND ${deploymentOwn(viewer, now)}`;
}

/** What is seen whole or by a subscription. Each of them is looked up once, and by itself: a partner may have been granted thousands. */
function seenInPart(viewer: Viewer, now: Date, deploymentIds: readonly string[]): Sql {
  return sql`
    WITH known AS MATERIALIZED (
      SELECT d.*, ${deploymentVisibleWhole(viewer, now)} AS visible_whole, agreed.*
      FROM deployment AS d
      CROSS JOIN LATERAL (
        WITH s AS MATERIALIZED (
          SELECT ${subscriptionColumns}, ${subscriptionGranted(viewer, now)} AS granted
          FROM billing_subscription AS s WHERE s.deployment_id = d.id AND s.account_id = d.account_id)
        SELECT json_agg(s) AS subscriptions, bool_or(s.granted) AS some_granted FROM s) AS agreed
      WHERE ${isOneOf('d.id', deploymentIds)})
    SELECT * FROM known WHERE visible_whole OR some_granted`;
}

/** Every product that has arrived. */
export const readKeptProducts = keepRows<ProductJson, Products>({
  // A change of a product is a version more of it, and none is ever taken away but all of them together.
  version: sql`ARRAY(SELECT version FROM product)::text`,
  all: jsonRows(sql`SELECT code, version, name, features, recorded_at AS "recordedAt" FROM product`),
  fromRecords: (records) => new Map(records.map((record) => [record.code, productFromRow(record)] as const)),
});

export type ReadProducts = KeptRead<Products>;

/** @param products as they were when the rows' statement was made */
export async function factsFromRows(
  rows: readonly FactsRow[],
  products: ReadProducts,
): Promise<DeploymentFacts[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const all = await products.take(first.productsVersion);
  return rows.map((row) => fromRow(row, all));
}

/**
 * @param visible selects the columns of `deployment`, `visible_whole`, and `subscriptions` as JSON
 * @param more further columns, of the deployment `AS d`, each after a comma
 */
export function factsOf(visible: Sql, products: ReadProducts, more: Sql = empty): Sql {
  return sql`
    SELECT ${deploymentColumns}, d.visible_whole AS "visibleWhole", d.subscriptions,
      (SELECT to_json(one) FROM (
         SELECT u.used, u.maximum, u.maximum_since AS "maximumSince", u.reported_at AS "reportedAt"
         FROM seat_usage AS u WHERE u.deployment_id = d.id) AS one) AS seats,
      (SELECT json_object_agg(p.product_code, p.assigned)
       FROM add_on_pool AS p WHERE p.deployment_id = d.id) AS "addOnSeats",
      ${jsonRows(sql`
         SELECT f.feature_key AS "featureKey", f.used, f.observed_at AS "observedAt"
         FROM feature_usage AS f WHERE f.deployment_id = d.id`)} AS "featureUsage",
      ${jsonRows(sql`
         SELECT r.feature_key AS "featureKey", r.source, r.part_from AS "partFrom", r.month,
                r.measured_at AS "measuredAt", r.total, r.quota
         FROM allowance_reading AS r WHERE r.deployment_id = d.id`)} AS readings,
      to_json(ARRAY(
         SELECT g FROM entitlement_grant AS g WHERE g.deployment_id = d.id UNION ALL
         SELECT g FROM entitlement_grant AS g WHERE g.account_id = d.account_id)) AS grants,
      ${products.version} AS "productsVersion"${more}
    FROM (${visible}) AS d`;
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
    productsVersion: _,
    ...deployment
  } = row;
  const agreed = subscriptions ?? [];
  return {
    deployment: deploymentFromRow(deployment),
    facts: {
      subscriptions: agreed.map(toSubscription),
      products,
      grants: grants.map(grantFromJson),
      usage: {
        addOnSeats: new Map(Object.entries(addOnSeats ?? {})),
        seats: seats && seatReportFromRow({ ...seats, reportedAt: new Date(seats.reportedAt) }),
        features: featureUsage.map(featureUseFromJson),
        allowances: readings.map(readingFromJson),
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

import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { FeatureKind } from '../domain/entitlements/features/index.js';
import type { DeploymentFeatureUse } from '../domain/feature-use.js';
import type { FeatureUseStore, PutFeatureUse } from '../service/feature-use-ports.js';

/** The use of features with a limit, within one transaction. */
export function createFeatureUseStore(manager: EntityManager): FeatureUseStore {
  return {
    async kindsOf(featureKeys) {
      const rows = await query<{ key: string; kind: FeatureKind }>(
        manager,
        sql`SELECT DISTINCT ON (feature ->> 'key') feature ->> 'key' AS key, feature ->> 'kind' AS kind
            FROM product AS p, jsonb_array_elements(p.features) AS feature
            WHERE feature ->> 'key' = ANY(${featureKeys}::text[])
            ORDER BY feature ->> 'key', p.code COLLATE "C"`,
      );
      return new Map(rows.map(({ key, kind }) => [key, kind]));
    },

    put: (uses) => putUses(manager, uses),
  };
}

/** What was known is read as it was before: of what does not hold against it, that stays. */
async function putUses(
  manager: EntityManager,
  uses: readonly DeploymentFeatureUse[],
): Promise<PutFeatureUse[]> {
  if (uses.length === 0) return [];
  const given = uses.map(({ deploymentId, featureKey, used, observedAt }) => {
    return { deployment_id: deploymentId, feature_key: featureKey, used, observed_at: observedAt };
  });
  return query<PutFeatureUse>(
    manager,
    sql`WITH given AS MATERIALIZED (
          SELECT * FROM jsonb_to_recordset(${JSON.stringify(given)}) AS use (
            deployment_id uuid, feature_key text, used integer, observed_at timestamptz)
        ), before AS MATERIALIZED (
          SELECT f.* FROM feature_usage AS f JOIN given USING (deployment_id, feature_key)
        ), written AS (
          INSERT INTO feature_usage AS known (deployment_id, feature_key, used, observed_at)
          SELECT deployment_id, feature_key, used, observed_at FROM given
          ON CONFLICT (deployment_id, feature_key) DO UPDATE SET
            used = excluded.used, observed_at = excluded.observed_at,
            version = known.version + CASE
              WHEN known.used <> excluded.used
                OR (known.observed_at AT TIME ZONE 'UTC')::date <> (excluded.observed_at AT TIME ZONE 'UTC')::date
              THEN 1 ELSE 0 END
          WHERE (known.observed_at, known.used) < (excluded.observed_at, excluded.used)
          RETURNING *
        )
        SELECT n.deployment_id AS "deploymentId", n.feature_key AS "featureKey", n.used, n.observed_at AS "observedAt",
               n.version, b.version IS DISTINCT FROM n.version AS "isNews"
        FROM (
          SELECT * FROM written
          UNION ALL
          SELECT * FROM before AS b WHERE NOT EXISTS (
            SELECT FROM written AS w WHERE (w.deployment_id, w.feature_key) = (b.deployment_id, b.feature_key))
        ) AS n
        LEFT JOIN before AS b USING (deployment_id, feature_key)`,
  );
}

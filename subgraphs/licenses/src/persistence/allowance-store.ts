import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { AllowanceStore } from '../service/allowance-ports.js';
import { readingToRow } from './entitlement-mapping.js';
import { deploymentOwn } from './visibility.js';

/** What meters counted, and which thresholds were told, within one transaction. */
export function createAllowanceStore(manager: EntityManager): AllowanceStore {
  return {
    async hold(viewer, now, deploymentId) {
      const rows = await query(
        manager,
        sql`SELECT d.id FROM deployment AS d WHERE d.id = ${deploymentId} AND ${deploymentOwn(viewer, now)}
            FOR NO KEY UPDATE OF d`,
      );
      return rows.length > 0;
    },

    async put(deploymentId, reading) {
      const row = readingToRow(deploymentId, reading);
      await query(
        manager,
        sql`INSERT INTO allowance_reading AS known (deployment_id, feature_key, source, part_from, month, measured_at,
                                                    total, quota)
            VALUES (${row.deploymentId}, ${row.featureKey}, ${row.source}, ${row.partFrom}, ${row.month},
                    ${row.measuredAt}, ${row.total}, ${row.quota})
            ON CONFLICT (deployment_id, feature_key, source, part_from) DO UPDATE SET
              measured_at = greatest(known.measured_at, excluded.measured_at),
              total = greatest(known.total, excluded.total)`,
      );
      await query(
        manager,
        sql`UPDATE allowance_reading SET quota = ${row.quota}
            WHERE deployment_id = ${row.deploymentId} AND feature_key = ${row.featureKey} AND month = ${row.month}
              AND quota IS DISTINCT FROM ${row.quota}`,
      );
    },

    async passThreshold(deploymentId, featureKey, month, percent) {
      const rows = await query(
        manager,
        sql`INSERT INTO allowance_threshold (deployment_id, feature_key, month, percent)
            VALUES (${deploymentId}, ${featureKey}, ${month}, ${percent})
            ON CONFLICT DO NOTHING RETURNING percent`,
      );
      return rows.length > 0;
    },
  };
}

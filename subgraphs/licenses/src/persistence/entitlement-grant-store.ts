import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import type { DeploymentGrant } from '../service/ports.js';
import type { EntitlementGrantStore, ListedFeature } from '../service/allowance-ports.js';
import { entitlementGrantEntity } from './entitlement-entities.js';
import { grantFromJson, grantToRow, type EntitlementGrantJson } from './entitlement-mapping.js';
import { deploymentVisible, entitlementGrantVisible } from './visibility.js';

/** What persons gave, within one transaction. */
export function createEntitlementGrantStore(manager: EntityManager): EntitlementGrantStore {
  return {
    async add(grant) {
      await manager.insert(entitlementGrantEntity, grantToRow(grant));
    },

    async hold(id) {
      const [row] = await query<{ grant: EntitlementGrantJson }>(
        manager,
        sql`SELECT to_json(g) AS grant FROM entitlement_grant AS g WHERE g.id = ${id} FOR UPDATE`,
      );
      return row === undefined ? null : grantFromJson(row.grant);
    },

    async revoke(id, { at, by, reason }) {
      const revoked = { revokedAt: at, revokedBy: by, revocationReason: reason };
      await manager.update(entitlementGrantEntity, { id }, revoked);
    },

    async isKnownAccount(accountId) {
      const rows = await query(manager, sql`SELECT FROM deployment WHERE account_id = ${accountId} LIMIT 1`);
      return rows.length > 0;
    },

    async listedFeature(key) {
      const [row] = await query<ListedFeature>(
        manager,
        sql`SELECT feature ->> 'key' AS key, feature ->> 'name' AS name, feature ->> 'kind' AS kind
            FROM product AS p, jsonb_array_elements(p.features) AS feature
            WHERE feature ->> 'key' = ${key} ORDER BY p.code COLLATE "C" LIMIT 1`,
      );
      return row ?? null;
    },
  };
}

/** Everything that was given to deployments that the viewer may see, or to their accounts; the newest first. */
export async function selectGrantsOfDeployments(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  deploymentIds: readonly string[],
): Promise<DeploymentGrant[]> {
  const rows = await query<{ deploymentId: string; grant: EntitlementGrantJson }>(
    manager,
    sql`SELECT d.id AS "deploymentId", to_json(g) AS grant
        FROM deployment AS d
        JOIN entitlement_grant AS g ON g.deployment_id = d.id OR g.account_id = d.account_id
        WHERE d.id = ANY(${deploymentIds}::uuid[]) AND ${deploymentVisible(viewer, now)} AND ${entitlementGrantVisible(viewer)}
        ORDER BY g.granted_at DESC, g.id`,
  );
  return rows.map(({ deploymentId, grant }) => ({ deploymentId, grant: grantFromJson(grant) }));
}

/** The grants of these ids, for the company alone. */
export async function selectGrants(
  manager: EntityManager,
  viewer: Viewer,
  _now: Date,
  ids: readonly string[],
): Promise<EntitlementGrant[]> {
  const rows = await query<{ grant: EntitlementGrantJson }>(
    manager,
    sql`SELECT to_json(g) AS grant FROM entitlement_grant AS g WHERE g.id = ANY(${ids}::uuid[]) AND ${entitlementGrantVisible(viewer)}`,
  );
  return rows.map(({ grant }) => grantFromJson(grant));
}

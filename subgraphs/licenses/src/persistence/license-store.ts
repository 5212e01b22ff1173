import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { License } from '../domain/license.js';
import type { LicenseStore } from '../service/ports.js';
import { licenseEntity, type LicenseRow } from './entities.js';
import { licenseFromRow, licenseToRow } from './mapping.js';
import { licenseVisible } from './visibility.js';

const licenseColumns = raw(
  'l.id, l.subscription_id AS "subscriptionId", l.subscription_version AS "subscriptionVersion", ' +
    'l.deployment_id AS "deploymentId", l.account_id AS "accountId", l.plan_code AS "planCode", l.seats, ' +
    'l.starts_on AS "startsOn", l.ends_on AS "endsOn", l.issued_at AS "issuedAt", l.cause, ' +
    'l.replaced_by_id AS "replacedById"',
);

export function createLicenseStore(manager: EntityManager): LicenseStore {
  return {
    async issue(license) {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(licenseEntity)
        .values(licenseToRow(license))
        .orIgnore()
        .returning('id')
        .execute();
      if ((inserted.raw as unknown[]).length === 0) return;
      await query(
        manager,
        sql`UPDATE license SET replaced_by_id = ${license.id}
            WHERE subscription_id = ${license.subscriptionId} AND replaced_by_id IS NULL
              AND subscription_version < ${license.subscriptionVersion}`,
      );
    },

    async newestOf(subscriptionId) {
      const row = await manager.findOne(licenseEntity, {
        where: { subscriptionId },
        order: { subscriptionVersion: 'DESC' },
      });
      return row && licenseFromRow(row);
    },
  };
}

/** Licenses that the viewer may see, by id. */
export function selectLicenses(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  ids: readonly string[],
): Promise<License[]> {
  return select(manager, viewer, now, sql`l.id = ANY(${ids}::uuid[])`);
}

/** Licenses that the viewer may see, by deployment; the newest first. */
export function selectLicensesOfDeployments(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  deploymentIds: readonly string[],
): Promise<License[]> {
  return select(manager, viewer, now, sql`l.deployment_id = ANY(${deploymentIds}::uuid[])`);
}

/** Licenses that the viewer may see, by subscription; the newest first. */
export function selectLicensesOfSubscriptions(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  subscriptionIds: readonly string[],
): Promise<License[]> {
  return select(manager, viewer, now, sql`l.subscription_id = ANY(${subscriptionIds}::uuid[])`);
}

async function select(manager: EntityManager, viewer: Viewer, now: Date, condition: Sql): Promise<License[]> {
  const rows = await query<LicenseRow>(
    manager,
    sql`SELECT ${licenseColumns} FROM license AS l
        WHERE ${condition} AND ${licenseVisible(viewer, now)}
        ORDER BY l.issued_at DESC, l.subscription_version DESC, l.id`,
  );
  return rows.map(licenseFromRow);
}

import { query } from '@fulfillment/kernel/server/sql';
import { type EntityManager, LessThan } from 'typeorm';
import sql from 'sql-template-tag';
import type { LicenseFileStore, UsageReportStore } from '../service/signing-ports.js';
import { deploymentColumns } from './deployment-store.js';
import type { DeploymentRow } from './entities.js';
import { deploymentFromRow } from './mapping.js';
import { licenseFileEntity } from './signing-entities.js';
import { usageReportEntity } from './usage-report-entity.js';
import { deploymentRunBy } from './visibility.js';

interface FoundRow extends DeploymentRow {
  fileInstanceId: string | null;
  reportKey: string | null;
}

/** Records of license files that were written, within one transaction. */
export function createLicenseFileStore(manager: EntityManager): LicenseFileStore {
  return {
    async add(record) {
      await manager.insert(licenseFileEntity, { ...record });
    },
    async find(id, { viewer, receivedAt }) {
      const [row] = await query<FoundRow>(
        manager,
        sql`SELECT ${deploymentColumns}, f.instance_id AS "fileInstanceId", f.report_key AS "reportKey"
            FROM license_file AS f
              JOIN license AS l ON l.id = f.license_id
              JOIN deployment AS d ON d.id = l.deployment_id
            WHERE f.id = ${id} AND ${deploymentRunBy(viewer, receivedAt)} FOR NO KEY UPDATE OF d`,
      );
      if (row === undefined) return null;
      const { fileInstanceId: instanceId, reportKey, ...deployment } = row;
      return { id, instanceId, reportKey, deployment: deploymentFromRow(deployment) };
    },
    async forget(activationId, endedBefore) {
      await manager.delete(licenseFileEntity, { activationId, expiresAt: LessThan(endedBefore) });
    },
  };
}

/** Usage reports that were brought as files, within one transaction. */
export function createUsageReportStore(manager: EntityManager): UsageReportStore {
  return {
    async add(record) {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(usageReportEntity)
        .values({ ...record })
        .orIgnore()
        .returning('id')
        .execute();
      return (inserted.raw as unknown[]).length > 0;
    },
  };
}

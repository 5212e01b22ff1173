import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import type { LicenseFileRecord, LicenseFileStore } from '../service/signing-ports.js';
import { deploymentColumns } from './deployment-store.js';
import type { DeploymentRow } from './entities.js';
import { deploymentFromRow } from './mapping.js';
import { deploymentRunBy } from './visibility.js';

interface FoundRow extends DeploymentRow {
  fileInstanceId: string | null;
  reportKey: string | null;
}

/** Records of license files that were written, within one transaction. */
export function createLicenseFileStore(manager: EntityManager): LicenseFileStore {
  return {
    async add(record) {
      await query(manager, insertLicenseFiles([record]));
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
  };
}

/** Adds records of license files. */
export function insertLicenseFiles(records: readonly LicenseFileRecord[]): Sql {
  return sql`
    INSERT INTO license_file (id, license_id, instance_id, encrypted, issued_at, expires_at, key_id, issued_to, report_key,
                              activation_id)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(records)}) AS file (
      id uuid, "licenseId" uuid, "instanceId" text, encrypted boolean, "issuedAt" timestamptz, "expiresAt" timestamptz,
      "keyId" text, "issuedTo" text, "reportKey" text, "activationId" uuid)`;
}

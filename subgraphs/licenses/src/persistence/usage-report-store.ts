import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { selectConnections, type SortOrder } from '@fulfillment/kernel/server/connection';
import { parsePage, type PageArguments } from '@fulfillment/kernel/server/pagination';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { UsageReportRecord, UsageReportStore } from '../service/signing-ports.js';
import { usageReportEntity, type UsageReportRow } from './usage-report-entity.js';
import { deploymentRunBy, heldThen } from './visibility.js';

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
      if ((inserted.raw as unknown[]).length > 0) return { record, isNew: true };
      const { deploymentId, hash } = record;
      return {
        record: await manager.findOneByOrFail(usageReportEntity, { deploymentId, hash }),
        isNew: false,
      };
    },
  };
}

const newestFirst: SortOrder = {
  name: 'RECEIVED_DESC',
  column: '"receivedAt"',
  type: 'timestamptz',
  descending: true,
};

/**
 * Usage reports of deployments that the viewer runs, and ran when they came (the port is `UsageReportReader` in graphql/readers.ts). A report's own id is of
 * the instance's making and may come again; its content does not, so the list goes by that.
 * @param now the instant at which grants must hold
 */
export function createUsageReportReader(manager: EntityManager, viewer: Viewer, now: Date) {
  return {
    reports: (deploymentIds: readonly string[], page: PageArguments) =>
      selectConnections<UsageReportRow & { reportId: string }, UsageReportRecord>(manager, {
        select: sql`
          SELECT left(u.hash, 32)::uuid AS id, u.deployment_id::text AS parent, u.id AS "reportId",
                 u.deployment_id AS "deploymentId", u.hash, u.license_file_id AS "licenseFileId",
                 u.instance_id AS "instanceId", u.host_name AS "hostName", u.version, u.created_at AS "createdAt",
                 u.received_at AS "receivedAt", u.uploaded_by AS "uploadedBy", u.samples
          FROM usage_report AS u JOIN deployment AS d ON d.id = u.deployment_id
          WHERE u.deployment_id = ANY(${deploymentIds}::uuid[]) AND ${deploymentRunBy(viewer, now)}
            AND ${heldThen(viewer, sql`u.received_at`)}`,
        sort: newestFirst,
        page: parsePage(page, newestFirst.name),
        fromRow: ({ reportId: id, ...row }) => ({ ...row, id }),
      }),
  };
}

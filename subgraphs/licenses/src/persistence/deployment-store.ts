import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { Deployment } from '../domain/deployment.js';
import type { DeploymentStore } from '../service/ports.js';
import { deploymentEntity, deploymentMoveEntity, type DeploymentRow } from './entities.js';
import { deploymentFromRow, deploymentToRow } from './mapping.js';
import { deploymentOwn, deploymentVisible } from './visibility.js';

/** The columns of `deployment AS d` under the names of `DeploymentRow`. */
export const deploymentColumns = raw(
  'd.id, d.version, d.kind, d.external_id AS "externalId", d.name, d.account_id AS "accountId", ' +
    'd.registered_at AS "registeredAt"',
);

export function createDeploymentStore(manager: EntityManager): DeploymentStore {
  return {
    async register(deployment) {
      // Of two that register the same deployment at once, the second waits here and then finds the first's row.
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(deploymentEntity)
        .values(deploymentToRow(deployment))
        .orIgnore()
        .returning('id')
        .execute();
      const isNew = (inserted.raw as unknown[]).length > 0;
      const row = isNew
        ? deploymentToRow(deployment)
        : await manager.findOneOrFail(deploymentEntity, {
            where: { id: deployment.id },
            lock: { mode: 'pessimistic_write' },
          });
      return { deployment: deploymentFromRow(row), isNew };
    },

    async change(deployment, { name, accountId }, at) {
      const version = deployment.version + 1;
      if (accountId !== deployment.accountId) {
        // Whoever had it for no time at all left nothing behind.
        const { id: deploymentId, accountId: former } = deployment;
        await manager
          .createQueryBuilder()
          .insert()
          .into(deploymentMoveEntity)
          .values({ deploymentId, accountId: former, until: at })
          .orIgnore()
          .execute();
      }
      await manager.update(deploymentEntity, { id: deployment.id }, { name, accountId, version });
      return { ...deployment, name, accountId, version };
    },
  };
}

/** Deployments that the viewer may see, by id. */
export function selectDeployments(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  ids: readonly string[],
): Promise<Deployment[]> {
  return select(manager, viewer, now, sql`d.id = ANY(${ids}::uuid[])`);
}

/** Deployments that are the viewer's own, by id. */
export async function selectOwnDeployments(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  ids: readonly string[],
): Promise<Deployment[]> {
  return select(manager, viewer, now, sql`d.id = ANY(${ids}::uuid[]) AND ${deploymentOwn(viewer, now)}`);
}

/** Deployments that the viewer may see, by account; in the order of kind and external id. */
export function selectDeploymentsOfAccounts(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  accountIds: readonly string[],
): Promise<Deployment[]> {
  return select(manager, viewer, now, sql`d.account_id = ANY(${accountIds}::uuid[])`);
}

async function select(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  condition: Sql,
): Promise<Deployment[]> {
  const rows = await query<DeploymentRow>(
    manager,
    sql`SELECT ${deploymentColumns} FROM deployment AS d
        WHERE ${condition} AND ${deploymentVisible(viewer, now)}
        ORDER BY d.kind, d.external_id COLLATE "C"`,
  );
  return rows.map(deploymentFromRow);
}

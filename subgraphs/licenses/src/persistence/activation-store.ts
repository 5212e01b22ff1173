import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { LastWrites } from '@fulfillment/kernel/server/last-writes';
import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { ActivationCode } from '../domain/activation/activation-code.js';
import type { Instance } from '../domain/activation/instance.js';
import type { Deployment } from '../domain/deployment.js';
import type { ActivationStore, OfDeployment, SeenBy, SeenInstance } from '../service/activation/ports.js';
import type { OfAccount } from '../service/ports.js';
import {
  activationCodeEntity,
  instanceEntity,
  type ActivationCodeRow,
  type InstanceRow,
} from './activation-entities.js';
import {
  codeFromRow,
  codeToRow,
  instanceColumns,
  instanceFromRow,
  instanceToRow,
} from './activation-mapping.js';
import { deploymentColumns } from './deployment-store.js';
import type { DeploymentRow } from './entities.js';
import { findInstanceInFull } from './instance-in-full.js';
import { insertLicenseFiles } from './license-file-store.js';
import { deploymentFromRow } from './mapping.js';
import { deploymentRunBy, heldThen, instanceHeld } from './visibility.js';

const codeColumns = raw(
  'c.id, c.deployment_id AS "deploymentId", c.hash, c.hint, c.created_at AS "createdAt", ' +
    'c.expires_at AS "expiresAt", c.license_id AS "licenseId", c.created_by AS "createdBy", c.ended_at AS "endedAt", ' +
    'c.end_cause AS "endCause"',
);

export function createActivationStore(manager: EntityManager, lastWrites: LastWrites): ActivationStore {
  return {
    deployment: (id, seenBy) => lockDeployment(manager, id, seenBy),

    codeByHash: (hash, seenBy) => findCode(manager, sql`c.hash = ${hash}`, seenBy),
    codeById: (id, seenBy) => findCode(manager, sql`c.id = ${id}`, seenBy),
    async openCode(deploymentId) {
      const row = await manager.findOne(activationCodeEntity, { where: { deploymentId, endedAt: IsNull() } });
      return row && codeFromRow(row);
    },
    hadCode: (deploymentId) => manager.existsBy(activationCodeEntity, { deploymentId }),
    async addCode(code) {
      await manager.insert(activationCodeEntity, codeToRow(code));
    },
    async endCode(id, at, cause) {
      await manager.update(activationCodeEntity, { id }, { endedAt: at, endCause: cause });
    },

    instance: (id, seenBy) => findInstance(manager, id, seenBy),
    async instancesOf(deploymentId) {
      const rows = await manager.find(instanceEntity, { where: { deploymentId, endedAt: IsNull() } });
      return rows.map(instanceFromRow);
    },
    async addInstance(instance) {
      await manager.insert(instanceEntity, instanceToRow(instance));
    },
    instanceInFull: (id, seenBy) => findInstanceInFull(manager, id, seenBy),
    see: (id, seen) => see(lastWrites, id, seen),
    async endInstance(id, at, cause) {
      await manager.update(instanceEntity, { id }, { endedAt: at, endCause: cause });
    },
  };
}

function see(
  lastWrites: LastWrites,
  id: string,
  { lastSeenAt, hostName, version, files, forgetBefore }: SeenInstance,
): void {
  lastWrites.add(
    async () => sql`
      UPDATE instance SET last_seen_at = ${lastSeenAt}, host_name = ${hostName}, version = ${version} WHERE id = ${id}`,
  );
  if (files.length === 0) return;
  lastWrites.add(async () => insertLicenseFiles(files));
  lastWrites.add(
    async () => sql`DELETE FROM license_file WHERE activation_id = ${id} AND expires_at < ${forgetBefore}`,
  );
}

async function lockDeployment(
  manager: EntityManager,
  id: string,
  { viewer, receivedAt }: SeenBy,
): Promise<Deployment | null> {
  const [row] = await query<DeploymentRow>(
    manager,
    sql`SELECT ${deploymentColumns} FROM deployment AS d
        WHERE d.id = ${id} AND ${deploymentRunBy(viewer, receivedAt)} FOR NO KEY UPDATE`,
  );
  return row === undefined ? null : deploymentFromRow(row);
}

/** It is locked before its code is read: whoever waited for the lock sees what was made of the code meanwhile. */
async function findCode(
  manager: EntityManager,
  condition: Sql,
  seenBy: SeenBy,
): Promise<OfDeployment<ActivationCode> | null> {
  const [found] = await query<{ id: string; deploymentId: string }>(
    manager,
    sql`SELECT c.id, c.deployment_id AS "deploymentId" FROM activation_code AS c WHERE ${condition}`,
  );
  const deployment = found && (await lockDeployment(manager, found.deploymentId, seenBy));
  if (!deployment) return null;
  const row = await manager.findOneByOrFail(activationCodeEntity, { id: found.id });
  return { ...codeFromRow(row), deployment };
}

type InstanceOfDeploymentRow = InstanceRow &
  Omit<DeploymentRow, 'id' | 'version'> & { readonly deploymentVersion: number };

async function findInstance(
  manager: EntityManager,
  id: string,
  { viewer, receivedAt }: SeenBy,
): Promise<OfDeployment<Instance> | null> {
  const [found] = await query<InstanceOfDeploymentRow>(
    manager,
    sql`SELECT ${instanceColumns}, d.version AS "deploymentVersion", d.kind, d.external_id AS "externalId", d.name,
          d.account_id AS "accountId", d.registered_at AS "registeredAt"
        FROM deployment AS d JOIN instance AS i ON i.deployment_id = d.id
        WHERE i.id = ${id} AND ${deploymentRunBy(viewer, receivedAt)} AND ${instanceHeld(viewer)} FOR NO KEY UPDATE OF d, i`,
  );
  if (found === undefined) return null;
  const { deploymentVersion: version, kind, externalId, name, accountId, registeredAt, ...row } = found;
  const deployment = { id: row.deploymentId, version, kind, externalId, name, accountId, registeredAt };
  return { ...instanceFromRow(row), deployment: deploymentFromRow(deployment) };
}

/** Codes of deployments whose instances the viewer may see, the newest first. */
export async function selectActivationCodes(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  deploymentIds: readonly string[],
): Promise<OfAccount<ActivationCode>[]> {
  return codesWhere(manager, viewer, now, sql`c.deployment_id = ANY(${deploymentIds}::uuid[])`);
}

export async function selectActivationCodesById(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  ids: readonly string[],
): Promise<OfAccount<ActivationCode>[]> {
  return codesWhere(manager, viewer, now, sql`c.id = ANY(${ids}::uuid[])`);
}

async function codesWhere(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  condition: Sql,
): Promise<OfAccount<ActivationCode>[]> {
  const rows = await query<ActivationCodeRow & { accountId: string }>(
    manager,
    sql`SELECT ${codeColumns}, d.account_id AS "accountId"
        FROM activation_code AS c JOIN deployment AS d ON d.id = c.deployment_id
        WHERE ${condition} AND ${deploymentRunBy(viewer, now)}
          AND ${heldThen(viewer, sql`COALESCE(c.ended_at, 'infinity')`)}
        ORDER BY c.created_at DESC, c.ended_at DESC NULLS FIRST, c.id`,
  );
  return rows.map(({ accountId, ...row }) => ({ ...codeFromRow(row), accountId }));
}

/** Instances of deployments, ended ones too, the one seen last first. */
export async function selectInstances(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  deploymentIds: readonly string[],
): Promise<OfAccount<Instance>[]> {
  return instancesWhere(manager, viewer, now, sql`i.deployment_id = ANY(${deploymentIds}::uuid[])`);
}

export async function selectInstancesById(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  ids: readonly string[],
): Promise<OfAccount<Instance>[]> {
  return instancesWhere(manager, viewer, now, sql`i.id = ANY(${ids}::uuid[])`);
}

async function instancesWhere(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  condition: Sql,
): Promise<OfAccount<Instance>[]> {
  const rows = await query<InstanceRow & { accountId: string }>(
    manager,
    sql`SELECT ${instanceColumns}, d.account_id AS "accountId"
        FROM instance AS i JOIN deployment AS d ON d.id = i.deployment_id
        WHERE ${condition} AND ${deploymentRunBy(viewer, now)} AND ${instanceHeld(viewer)}
        ORDER BY i.last_seen_at DESC, i.id`,
  );
  return rows.map(({ accountId, ...row }) => ({ ...instanceFromRow(row), accountId }));
}

import { jsonRows, query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import type { InstanceInFull, KeptLicenseFile, SeenBy } from '../service/activation/ports.js';
import type { InstanceRow } from './activation-entities.js';
import { instanceColumns, instanceFromRow } from './activation-mapping.js';
import {
  factsFromRows,
  factsOf,
  readKeptProducts,
  subscriptionsOfDeployment,
  type FactsRow,
} from './entitlement-facts.js';
import type { LicenseRow } from './entities.js';
import { licenseColumns, newestLicenses } from './license-store.js';
import { licenseFromRow } from './mapping.js';
import type { LicenseFileRow, SigningKeyRow } from './signing-entities.js';
import { signingKeyFromRow } from './signing-key-store.js';
import { deploymentRunBy, instanceHeld } from './visibility.js';

/** What a JSON aggregate makes of a row: instants are ISO text there. */
type Json<Row> = { [Column in keyof Row]: Row[Column] extends Date ? string : Row[Column] };

type FileJson = Pick<LicenseFileRow, 'id' | 'licenseId' | 'keyId' | 'reportKey'> & {
  issuedAt: string;
  expiresAt: string | null;
};

type InstanceJson = Json<Omit<InstanceRow, 'endedAt'>> & { endedAt: string | null };

interface InFullRow extends FactsRow {
  instance: InstanceJson;
  instances: InstanceJson[];
  licenses: Json<LicenseRow>[];
  files: FileJson[];
  signingKeys: (Json<Omit<SigningKeyRow, 'revokedAt'>> & { revokedAt: string | null })[];
}

/** An instance may have a file of its present license and one of the next, and those may have been replaced on the same day. */
const mostFiles = 4;

/**
 * An instance with all that its files are made from, in one statement. Its row and its deployment's stay locked until the
 * transaction ends. Whoever waited for them reads all else as it was when the statement began.
 */
export async function findInstanceInFull(
  manager: EntityManager,
  id: string,
  { viewer, receivedAt }: SeenBy,
): Promise<InstanceInFull | null> {
  // Who runs a deployment sees it whole.
  const visible = sql`
    SELECT d.*, TRUE AS visible_whole, ${subscriptionsOfDeployment} AS subscriptions,
           (SELECT to_json(own) FROM (SELECT ${instanceColumns}) AS own) AS instance
    FROM deployment AS d JOIN instance AS i ON i.deployment_id = d.id
    WHERE i.id = ${id} AND ${deploymentRunBy(viewer, receivedAt)} AND ${instanceHeld(viewer)} FOR NO KEY UPDATE OF d, i`;
  const products = readKeptProducts(manager, 'UNCHANGED');
  const [row] = await query<InFullRow>(manager, factsOf(visible, products, moreOf(id)));
  if (row === undefined) return null;
  const { instance, instances, licenses, files, signingKeys, ...facts } = row;
  const [found] = await factsFromRows([facts], products);
  if (found === undefined) return null;
  return {
    instance: { ...instanceFromRow(instanceRowOf(instance)), deployment: found.deployment },
    instances: instances.map((one) => instanceFromRow(instanceRowOf(one))),
    facts: found,
    licenses: licenses.map((one) => licenseFromRow({ ...one, issuedAt: new Date(one.issuedAt) })),
    files: files.map(fileFromJson),
    signingKeys: signingKeys.map((one) =>
      signingKeyFromRow({
        ...one,
        createdAt: new Date(one.createdAt),
        signsFrom: new Date(one.signsFrom),
        revokedAt: one.revokedAt === null ? null : new Date(one.revokedAt),
      }),
    ),
  };
}

function moreOf(id: string): Sql {
  return sql`,
    d.instance,
    ${jsonRows(sql`
       SELECT ${instanceColumns} FROM instance AS i
       WHERE i.deployment_id = d.id AND i.ended_at IS NULL`)} AS instances,
    ${jsonRows(sql`
       SELECT ${licenseColumns} FROM billing_subscription AS s CROSS JOIN LATERAL (${newestLicenses(sql`s.id`)}) AS l
       WHERE s.deployment_id = d.id AND s.account_id = d.account_id`)} AS licenses,
    ${jsonRows(sql`
       SELECT id, license_id AS "licenseId", issued_at AS "issuedAt", expires_at AS "expiresAt", key_id AS "keyId",
              report_key AS "reportKey"
       FROM license_file WHERE activation_id = ${id} ORDER BY expires_at DESC LIMIT ${mostFiles}`)} AS files,
    ${jsonRows(sql`
       SELECT id, public_x AS "publicX", created_at AS "createdAt", signs_from AS "signsFrom",
              revoked_at AS "revokedAt", revocation_reason AS "revocationReason" FROM signing_key`)} AS "signingKeys"`;
}

function instanceRowOf(json: InstanceJson): InstanceRow {
  return {
    ...json,
    activatedAt: new Date(json.activatedAt),
    lastSeenAt: new Date(json.lastSeenAt),
    endedAt: json.endedAt === null ? null : new Date(json.endedAt),
  };
}

function fileFromJson({ issuedAt, expiresAt, ...file }: FileJson): KeptLicenseFile {
  return {
    ...file,
    issuedAt: new Date(issuedAt),
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  };
}

import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { License } from '../domain/license.js';
import type { FollowedLicense, LicenseStore, ReissueScope } from '../service/ports.js';
import { licenseEntity, type LicenseRow } from './entities.js';
import { licenseFromRow, licenseToRow, subscriptionFromRow, type SubscriptionRowOrJson } from './mapping.js';
import { subscriptionColumns } from './subscription-store.js';
import { licenseVisible } from './visibility.js';

/** Of a `license AS l`, under the names of `LicenseRow`. */
export const licenseColumns = raw(
  'l.id, l.subscription_id AS "subscriptionId", l.subscription_version AS "subscriptionVersion", ' +
    'l.deployment_id AS "deploymentId", l.account_id AS "accountId", l.plan_code AS "planCode", l.seats, ' +
    'l.starts_on AS "startsOn", l.ends_on AS "endsOn", l.issued_at AS "issuedAt", l.cause, ' +
    'l.replaced_by_id AS "replacedById", l.next_issue_on AS "nextIssueOn"',
);

export function createLicenseStore(manager: EntityManager): LicenseStore {
  return {
    async issue(license) {
      if (!(await insertOnce(manager, license))) return false;
      await query(
        manager,
        sql`UPDATE license SET replaced_by_id = ${license.id}, next_issue_on = NULL
            WHERE subscription_id = ${license.subscriptionId} AND replaced_by_id IS NULL
              AND subscription_version < ${license.subscriptionVersion}`,
      );
      return true;
    },

    async follow(license, next) {
      const isNew = next !== null && (await insertOnce(manager, next));
      await manager.update(licenseEntity, { id: license.id }, { nextIssueOn: null });
      return isNew;
    },

    async dueToFollow(scope, limit) {
      const rows = await query<FollowedRow>(
        manager,
        sql`SELECT ${licenseColumns}, ${subscriptionJson} AS subscription
            ${dueToFollow(scope)} LIMIT ${limit} FOR UPDATE OF s, l SKIP LOCKED`,
      );
      return rows.map(followedFromRow);
    },

    async takeDueToFollow(day, limit) {
      const everybody: ReissueScope = { kind: 'EVERYBODY', day };
      const rows = await query<{ id: string }>(
        manager,
        sql`WITH taken AS (
              UPDATE license SET next_issue_on = NULL
              WHERE id IN (SELECT l.id ${dueToFollow(everybody)} LIMIT ${limit} FOR UPDATE OF l SKIP LOCKED)
              RETURNING id)
            SELECT id FROM taken`,
      );
      return rows.map(({ id }) => id);
    },

    async holdWithSubscription(licenseId) {
      const [row] = await query<FollowedRow>(
        manager,
        sql`SELECT ${licenseColumns}, ${subscriptionJson} AS subscription
            FROM billing_subscription AS s JOIN license AS l ON l.subscription_id = s.id
            WHERE l.id = ${licenseId} FOR UPDATE OF s, l`,
      );
      return row === undefined ? null : followedFromRow(row);
    },

    async newestOf(subscriptionId) {
      const row = await manager.findOne(licenseEntity, {
        where: { subscriptionId },
        order: { subscriptionVersion: 'DESC', startsOn: 'DESC' },
      });
      return row && licenseFromRow(row);
    },

    async ofSubscription(subscriptionId) {
      const rows = await manager.find(licenseEntity, {
        where: { subscriptionId },
        order: { subscriptionVersion: 'DESC', startsOn: 'DESC' },
        take: mostLooked,
      });
      return rows.map(licenseFromRow);
    },
  };
}

/** A `billing_subscription AS s` as JSON. */
const subscriptionJson = sql`(SELECT to_json(one) FROM (SELECT ${subscriptionColumns}) AS one)`;

/** The newest licenses of a subscription that a present one is looked for among. */
const mostLooked = 50;

/** As `ofSubscription`, to stand in another statement: rows of `license`. */
export function newestLicenses(subscriptionId: Sql): Sql {
  return sql`
    SELECT * FROM license WHERE subscription_id = ${subscriptionId}
    ORDER BY subscription_version DESC, starts_on DESC LIMIT ${mostLooked}`;
}

type FollowedRow = LicenseRow & { subscription: SubscriptionRowOrJson };

function followedFromRow({ subscription, ...license }: FollowedRow): FollowedLicense {
  return { license: licenseFromRow(license), subscription: subscriptionFromRow(subscription) };
}

/** FROM, WHERE and ORDER BY: licenses `AS l` whose following one is due, with their subscriptions `AS s`. */
function dueToFollow(scope: ReissueScope): Sql {
  return sql`
    FROM license AS l JOIN billing_subscription AS s ON s.id = l.subscription_id
    WHERE l.next_issue_on <= ${scope.day} AND s.version = l.subscription_version AND ${ofScope(scope)}
    ORDER BY l.next_issue_on, l.id`;
}

/** A sandbox account lives by its test clock alone, which may be ahead of the system's or stand behind it. */
function ofScope(scope: ReissueScope): Sql {
  return scope.kind === 'ACCOUNT'
    ? sql`s.account_id = ${scope.accountId}`
    : sql`NOT EXISTS (SELECT FROM test_clock AS t WHERE t.account_id = s.account_id)`;
}

async function insertOnce(manager: EntityManager, license: License): Promise<boolean> {
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(licenseEntity)
    .values(licenseToRow(license))
    .orIgnore()
    .returning('id')
    .execute();
  return (inserted.raw as unknown[]).length > 0;
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
        ORDER BY l.issued_at DESC, l.subscription_version DESC, l.starts_on DESC, l.id`,
  );
  return rows.map(licenseFromRow);
}

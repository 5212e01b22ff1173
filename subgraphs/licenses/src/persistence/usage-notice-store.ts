import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { DeliveryState } from '../domain/delivery.js';
import type { NoticeThreshold, ReachedNotice, UsageNotice } from '../domain/usage-notice.js';
import type { UsageNoticeStore } from '../service/delivery-ports.js';
import { usageNoticeVisible } from './visibility.js';
import { usageNoticeEntity, type UsageNoticeRow } from './delivery-entities.js';

/** Who is told of use, within one transaction. */
export function createUsageNoticeStore(manager: EntityManager): UsageNoticeStore {
  return {
    add: (notices) => addNotices(manager, notices),

    async hold(id) {
      const row = await manager.findOne(usageNoticeEntity, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      return row && noticeFromRow(row);
    },

    async put({ id, state, attempts, lastError, sentAt, sentTo }) {
      await manager.update(
        usageNoticeEntity,
        { id },
        { state, attempts, lastError, sentAt, sentTo: [...sentTo] },
      );
    },

    async pendingOf(accountId) {
      const rows = await manager.find(usageNoticeEntity, {
        select: { id: true },
        where: { accountId, state: 'PENDING' },
        order: { id: 'ASC' },
      });
      return rows.map(({ id }) => id);
    },
  };
}

/** Of each deployment the newest first, a hundred at the most. */
export async function selectUsageNotices(
  manager: EntityManager,
  viewer: Viewer,
  _: Date,
  deploymentIds: readonly string[],
): Promise<UsageNotice[]> {
  const rows = await query<UsageNoticeRow>(
    manager,
    sql`SELECT n.id, n.deployment_id AS "deploymentId", n.account_id AS "accountId", n.kind,
          n.feature_key AS "featureKey", n.feature_name AS "featureName", n.period_start::text AS "periodStart",
          n.period_end::text AS "periodEnd", n.percent, n.used, n.available, n.reached_at AS "reachedAt", n.state,
          n.attempts, n.last_error AS "lastError", n.sent_at AS "sentAt",
          n.sent_to AS "sentTo"
        FROM unnest(${deploymentIds}::uuid[]) AS asked (id)
        CROSS JOIN LATERAL (
          SELECT n.* FROM usage_notice AS n WHERE n.deployment_id = asked.id AND ${usageNoticeVisible(viewer)}
          ORDER BY n.reached_at DESC, n.percent DESC, n.id LIMIT 100
        ) AS n`,
  );
  return rows.map(noticeFromRow);
}

/** Of two who add the same at the same moment one waits for the other, by the unique index, and adds nothing. */
async function addNotices(
  manager: EntityManager,
  notices: readonly ReachedNotice[],
): Promise<{ id: string; accountId: string }[]> {
  const rows = notices.map(({ notice }) => noticeToRow(notice));
  const crossing = notices.flatMap(({ notice, crosses }) => (crosses ? [notice.id] : []));
  return query<{ id: string; accountId: string }>(
    manager,
    sql`WITH added AS (
          INSERT INTO usage_notice AS known
          SELECT given.* FROM jsonb_populate_recordset(NULL::usage_notice, ${JSON.stringify(rows)}) AS given
          WHERE NOT EXISTS (
            SELECT FROM usage_notice AS n
            WHERE ${sameSubject} AND n.percent >= given.percent AND (n.id <> given.id OR n.state <> 'SUPERSEDED')
              AND (n.available = given.available OR given.id <> ALL(${crossing}::uuid[])))
          ON CONFLICT (id) DO UPDATE SET state = excluded.state, used = excluded.used, reached_at = excluded.reached_at
          WHERE known.state = 'SUPERSEDED'
          RETURNING *
        ), superseded AS (
          UPDATE usage_notice AS n SET state = 'SUPERSEDED'
          FROM added AS given WHERE ${sameSubject} AND n.id <> given.id AND n.state = 'PENDING'
        )
        SELECT id, account_id AS "accountId" FROM added`,
  );
}

const sameSubject = raw(`n.deployment_id = given.deployment_id AND n.account_id = given.account_id
  AND n.kind = given.kind AND n.feature_key = given.feature_key AND n.period_start = given.period_start`);

function noticeFromRow(row: UsageNoticeRow): UsageNotice {
  const { id, deploymentId, accountId, featureKey, featureName, percent, attempts } = row;
  const { reachedAt, lastError, sentAt, sentTo } = row;
  return {
    id,
    deploymentId,
    accountId,
    subject: row.kind === 'SEATS' ? { kind: 'SEATS' } : { kind: 'ALLOWANCE', featureKey, featureName },
    period: { start: localDate(row.periodStart), end: localDate(row.periodEnd) },
    percent: percent as NoticeThreshold,
    used: Number(row.used),
    available: Number(row.available),
    reachedAt,
    state: row.state as DeliveryState,
    attempts,
    lastError,
    sentAt,
    sentTo,
  };
}

/** By the names of the columns. */
function noticeToRow(notice: UsageNotice) {
  const { subject, period, deploymentId, accountId, reachedAt, lastError, sentAt, sentTo, ...same } = notice;
  const feature = subject.kind === 'SEATS' ? { featureKey: '', featureName: '' } : subject;
  return {
    ...same,
    deployment_id: deploymentId,
    account_id: accountId,
    kind: subject.kind,
    feature_key: feature.featureKey,
    feature_name: feature.featureName,
    period_start: period.start,
    period_end: period.end,
    reached_at: reachedAt,
    last_error: lastError,
    sent_at: sentAt,
    sent_to: sentTo,
  };
}

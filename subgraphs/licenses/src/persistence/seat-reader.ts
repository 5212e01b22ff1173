import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  selectConnection,
  selectConnections,
  type Connection,
  type SortOrder,
} from '@fulfillment/kernel/server/connection';
import { parsePage, type PageArguments } from '@fulfillment/kernel/server/pagination';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { freeGuestsFeature } from '../domain/seats/billable-users.js';
import type {
  SeatHistoryFilter,
  StoredSeatUse,
  SeatsOverFilter,
  SeatUsageDay,
} from '../service/seat-ports.js';
import type { SeatUsageRow } from './seat-entities.js';
import { seatUseFromRow } from './seat-mapping.js';
import { deploymentOwn, deploymentVisible, heldThen } from './visibility.js';

const furthestFirst: SortOrder = {
  name: 'OVERAGE_DESC',
  column: 'overage',
  type: 'integer',
  descending: true,
};
const newestFirst: SortOrder = { name: 'DAY_DESC', column: 'day', type: 'date', descending: true };

/**
 * Seats as one viewer may see them (the port is `SeatReader` in graphql/readers.ts).
 * @param now the instant at which grants must hold
 */
export function createSeatReader(manager: EntityManager, viewer: Viewer, now: Date) {
  return {
    history: (deploymentIds: readonly string[], asked: SeatHistoryFilter & PageArguments) =>
      selectHistory(manager, viewer, now, deploymentIds, asked),
    over: (filter: SeatsOverFilter, page: PageArguments) => selectOver(manager, viewer, now, filter, page),
  };
}

/** The days of each deployment, from the samples themselves, so that it can be told what was known at any instant. */
function selectHistory(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  deploymentIds: readonly string[],
  { from, until, recordedBy, ...page }: SeatHistoryFilter & PageArguments,
): Promise<Map<string, Connection<SeatUsageDay>>> {
  const conditions = [
    sql`s.deployment_id = ANY(${deploymentIds}::uuid[])`,
    deploymentOwn(viewer, now),
    heldThen(viewer, sql`s.taken_at`),
    ...(from == null ? [] : [sql`s.taken_at >= ${`${from}T00:00:00Z`}::timestamptz`]),
    ...(until == null ? [] : [sql`s.taken_at < ${`${until}T00:00:00Z`}::timestamptz`]),
    ...(recordedBy == null ? [] : [sql`s.recorded_at <= ${recordedBy}`]),
  ];
  return selectConnections<SeatUsageDay, SeatUsageDay>(manager, {
    select: sql`
      SELECT id, parent, day, members, "withGuests", reports,
             CASE WHEN free_guests THEN members ELSE "withGuests" END AS maximum
      FROM (
        SELECT s.deployment_id AS id, s.deployment_id::text AS parent, (s.taken_at AT TIME ZONE 'UTC')::date AS day,
               max(s.members) AS members, max(s.members + s.guests) AS "withGuests", count(*)::int AS reports,
               bool_or(p.code IS NOT NULL) AS free_guests
        FROM seat_sample AS s
        JOIN deployment AS d ON d.id = s.deployment_id
        JOIN seat_usage AS u ON u.deployment_id = s.deployment_id
        LEFT JOIN product AS p
          ON p.code = u.plan_code AND p.features @> ${JSON.stringify([{ key: freeGuestsFeature }])}::jsonb
        WHERE ${allOf(conditions)}
        GROUP BY 1, 2, 3) AS history`,
    sort: newestFirst,
    page: parsePage(page, newestFirst.name),
    fromRow: ({ day, members, withGuests, maximum, reports }) => {
      return { day, members, withGuests, maximum, reports };
    },
  });
}

/** What is over by the use that is kept. */
function selectOver(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  { minimumOverage, accountId, planCode }: SeatsOverFilter,
  page: PageArguments,
) {
  const conditions = [
    sql`u.overage > 0`,
    sql`u.overage >= ${minimumOverage}`,
    deploymentVisible(viewer, now),
    ...(accountId === null ? [] : [sql`d.account_id = ${accountId}`]),
    ...(planCode === null ? [] : [sql`u.plan_code = ${planCode}`]),
  ];
  return selectConnection<SeatUsageRow, StoredSeatUse>(manager, {
    select: sql`
      SELECT d.id, '' AS parent, u.deployment_id AS "deploymentId", u.used, u.maximum, u.maximum_since AS "maximumSince",
             u.reported_at AS "reportedAt", u.version, u.subscription_id AS "subscriptionId",
             u.plan_code AS "planCode", u.purchased, u.overage, u.holds_until AS "holdsUntil"
      FROM seat_usage AS u
      JOIN deployment AS d ON d.id = u.deployment_id
      WHERE ${allOf(conditions)}`,
    sort: furthestFirst,
    page: parsePage(page, furthestFirst.name),
    fromRow: seatUseFromRow,
  });
}

import { localDate } from '@fulfillment/kernel/domain/calendar';
import { isOneOf, jsonRows, query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import type { KeptBefore } from '../domain/seats/kept-use.js';
import type { CountedDay, SeatPeak } from '../domain/seats/seat-record.js';
import type { ToldNotice } from '../domain/usage-notice.js';
import type { KnownOfSeats, KnownSeats } from '../service/seat-ports.js';
import { readKeptProducts, type ReadProducts } from './entitlement-facts.js';
import { subscriptionFromRow, type SubscriptionRowOrJson } from './mapping.js';
import { subscriptionColumns } from './subscription-store.js';

type SubscriptionJson = SubscriptionRowOrJson & { days: CountedDay[] | null };

/** Instants are ISO text in what is JSON. */
interface KnownRow {
  deploymentId: string;
  subscriptions: SubscriptionJson[];
  newest:
    | (SeatPeak & {
        instanceId: string;
        takenAt: string;
        endedAt: string | null;
        heardOf: string | null;
      })[]
    | null;
  maxima: { since: string; toldOn: string; users: number; known: SeatPeak }[] | null;
  notices: (ToldNotice & { start: string })[] | null;
  version: number | null;
  told: string | null;
  reportedAt: Date | null;
  holdsUntil: Date | null;
  used: number | null;
  purchased: number | null;
  subscriptionId: string | null;
  maximumSince: string | null;
  productsVersion: string;
}

/** Reads what is known of the seats of deployments, in one statement. What is kept of their use stays locked. */
export async function selectKnownSeats(
  manager: EntityManager,
  deploymentIds: readonly string[],
): Promise<KnownOfSeats> {
  // Whoever reports, or holds seats against a contract, has changed no product.
  const products = readKeptProducts(manager, 'UNCHANGED');
  const rows = await query<KnownRow>(manager, knownSeats(deploymentIds, products));
  const [first] = rows;
  return {
    seats: new Map(rows.map((row) => [row.deploymentId, fromRow(row)])),
    products: first === undefined ? new Map() : await products.take(first.productsVersion),
  };
}

/** The statement before this one has locked the deployments: so what is read of them is as whoever held them before left it. */
function knownSeats(deploymentIds: readonly string[], products: ReadProducts): Sql {
  return sql`
    WITH kept AS MATERIALIZED (
      SELECT * FROM seat_usage AS u WHERE ${isOneOf('u.deployment_id', deploymentIds)}
      ORDER BY u.deployment_id FOR NO KEY UPDATE
    )
    SELECT d.id AS "deploymentId",
      ${jsonRows(sql`
         SELECT ${subscriptionColumns}, (
           SELECT json_agg(json_build_array(on_day.day - s.starts_on, on_day.members, on_day.with_guests) ORDER BY on_day.day)
           FROM seat_day AS on_day
           WHERE on_day.deployment_id = d.id AND on_day.day >= s.starts_on AND on_day.day < s.ends_on) AS days
         FROM billing_subscription AS s WHERE s.deployment_id = d.id AND s.account_id = d.account_id`)} AS subscriptions,
      (SELECT json_agg(json_build_object('instanceId', n.instance_id, 'takenAt', n.taken_at, 'endedAt', n.ended_at,
                                         'members', n.members, 'withGuests', n.with_guests, 'heardOf', i.last_seen_at))
       FROM seat_newest AS n
       LEFT JOIN instance AS i
         ON i.deployment_id = n.deployment_id AND i.instance_id = n.instance_id AND i.ended_at IS NULL
       WHERE n.deployment_id = d.id) AS newest,
      (SELECT json_agg(json_build_object('since', m.since, 'toldOn', m.told_on, 'users', m.users, 'known', (
         SELECT json_build_object('members', COALESCE(max(k.members), 0), 'withGuests', COALESCE(max(k.with_guests), 0))
         FROM seat_day AS k WHERE k.deployment_id = d.id AND k.day >= m.since AND k.day <= m.told_on)))
       FROM seat_maximum AS m WHERE m.deployment_id = d.id) AS maxima,
      (SELECT json_agg(json_build_object('start', n.period_start, 'percent', n.percent, 'available', n.available))
       FROM usage_notice AS n
       WHERE n.deployment_id = d.id AND n.account_id = d.account_id AND n.kind = 'SEATS' AND n.state <> 'SUPERSEDED') AS notices,
      kept.version, kept.told, kept.reported_at AS "reportedAt", kept.holds_until AS "holdsUntil", kept.used, kept.purchased,
      kept.subscription_id AS "subscriptionId", kept.maximum_since AS "maximumSince",
      ${products.version} AS "productsVersion"
    FROM deployment AS d LEFT JOIN kept ON kept.deployment_id = d.id
    WHERE ${isOneOf('d.id', deploymentIds)}
    ORDER BY d.id`;
}

function fromRow(row: KnownRow): KnownSeats {
  const { subscriptions } = row;
  return {
    subscriptions: subscriptions.map((subscription) => subscriptionFromRow(subscription)),
    days: new Map(subscriptions.map(({ id, days }) => [id, days ?? []])),
    newest: (row.newest ?? []).map((one) => ({
      ...one,
      instanceId: one.instanceId === '' ? null : one.instanceId,
      takenAt: new Date(one.takenAt),
      endedAt: one.endedAt === null ? null : new Date(one.endedAt),
      heardOf: one.heardOf === null ? null : new Date(one.heardOf),
    })),
    maxima: (row.maxima ?? []).map(({ since, toldOn, ...one }) => ({
      ...one,
      since: localDate(since),
      toldOn: localDate(toldOn),
    })),
    notices: (row.notices ?? []).map(({ start, ...notice }) => ({ ...notice, start: localDate(start) })),
    kept: keptFromRow(row),
  };
}

/** Its columns are null together, where nothing is kept. */
function keptFromRow(row: KnownRow): KeptBefore | null {
  const { version, reportedAt, used, purchased, maximumSince } = row;
  if (version === null || reportedAt === null || used === null || purchased === null || maximumSince === null)
    return null;
  const { told, holdsUntil, subscriptionId } = row;
  return {
    version,
    told,
    reportedAt,
    holdsUntil,
    subscriptionId,
    used,
    purchased,
    maximumSince: localDate(maximumSince),
  };
}

/** The highest counts of all days of deployments that ever reported. */
export async function selectHighest(
  manager: EntityManager,
  deploymentIds: readonly string[],
): Promise<ReadonlyMap<string, SeatPeak>> {
  const rows = await query<SeatPeak & { deploymentId: string }>(
    manager,
    sql`SELECT k.deployment_id AS "deploymentId", max(k.members) AS members, max(k.with_guests) AS "withGuests"
        FROM seat_day AS k WHERE ${isOneOf('k.deployment_id', deploymentIds)} GROUP BY k.deployment_id`,
  );
  return new Map(rows.map(({ deploymentId, ...peak }) => [deploymentId, peak]));
}

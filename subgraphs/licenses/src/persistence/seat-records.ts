import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import sql, { type Sql } from 'sql-template-tag';
import { ever } from '../domain/seats/seat-use.js';
import type { PeriodPeak, SeatPeak, SeatRecord } from '../domain/seats/seat-record.js';

/** A deployment's record as one statement gives it; instants are ISO text there. */
export interface SeatRecordRow {
  deploymentId: string;
  newest: (SeatPeak & { takenAt: string; endedAt: string | null; heardOf: string | null })[] | null;
  peaks: (SeatPeak & { start: string; end: string; days: PeriodPeak['days'] | null })[] | null;
  maxima: { since: string; toldOn: string; users: number; known: SeatPeak }[] | null;
}

/** Of each deployment its newest samples, the peaks of its periods that have any, and its maxima with what is known of their days. */
export function seatRecordsStatement(periods: ReadonlyMap<string, readonly LocalPeriod[]>): Sql {
  const asked = [...periods].flatMap(([deployment_id, own]) =>
    own.map(({ start, end }) => ({
      deployment_id,
      starts_on: start,
      ends_on: end,
      daily: start !== ever.start,
    })),
  );
  return sql`
    WITH period AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}) AS p (
        deployment_id uuid, starts_on date, ends_on date, daily boolean)
    ), peak AS MATERIALIZED (
      SELECT p.deployment_id, p.starts_on, p.ends_on, top.members, top.with_guests, top.days
      FROM period AS p
      CROSS JOIN LATERAL (
        SELECT max(d.members) AS members, max(d.with_guests) AS with_guests,
          json_agg(json_build_array(d.day - p.starts_on, d.members, d.with_guests) ORDER BY d.day)
            FILTER (WHERE p.daily) AS days
        FROM seat_day AS d
        WHERE d.deployment_id = p.deployment_id AND d.day >= p.starts_on AND d.day < p.ends_on) AS top
      WHERE top.members IS NOT NULL
    ), peaks AS MATERIALIZED (
      SELECT deployment_id, json_agg(json_build_object(
        'start', starts_on, 'end', ends_on, 'members', members, 'withGuests', with_guests, 'days', days)) AS list
      FROM peak GROUP BY deployment_id
    )
    SELECT d.id AS "deploymentId", peaks.list AS peaks,
      (SELECT jsonb_agg(jsonb_build_object('takenAt', n.taken_at, 'endedAt', n.ended_at, 'members', n.members,
                                           'withGuests', n.with_guests, 'heardOf', i.last_seen_at))
       FROM seat_newest AS n
       LEFT JOIN instance AS i
         ON i.deployment_id = n.deployment_id AND i.instance_id = n.instance_id AND i.ended_at IS NULL
       WHERE n.deployment_id = d.id) AS newest,
      (SELECT jsonb_agg(jsonb_build_object('since', m.since, 'toldOn', m.told_on, 'users', m.users, 'known', (
         SELECT jsonb_build_object('members', COALESCE(max(k.members), 0), 'withGuests', COALESCE(max(k.with_guests), 0))
         FROM seat_day AS k WHERE k.deployment_id = d.id AND k.day >= m.since AND k.day <= m.told_on)))
       FROM seat_maximum AS m WHERE m.deployment_id = d.id) AS maxima
    FROM unnest(${[...periods.keys()]}::uuid[]) AS d (id)
    LEFT JOIN peaks ON peaks.deployment_id = d.id`;
}

export function seatRecordFromRow({ newest, peaks, maxima }: SeatRecordRow): SeatRecord {
  return {
    newest: (newest ?? []).map(({ takenAt, endedAt, heardOf, ...counts }) => ({
      ...counts,
      takenAt: new Date(takenAt),
      endedAt: endedAt === null ? null : new Date(endedAt),
      heardOf: heardOf === null ? null : new Date(heardOf),
    })),
    peaks: (peaks ?? []).map(({ start, end, days, ...counts }) => ({
      ...counts,
      days: days ?? [],
      start: localDate(start),
      end: localDate(end),
    })),
    maxima: (maxima ?? []).map(({ since, toldOn, ...told }) => ({
      ...told,
      since: localDate(since),
      toldOn: localDate(toldOn),
    })),
  };
}

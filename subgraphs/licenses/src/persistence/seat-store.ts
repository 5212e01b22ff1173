import type { LastWrites } from '@fulfillment/kernel/server/last-writes';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import { mergeMaxima, mergeSamples } from '../domain/seats/seat-record.js';
import type { DeploymentSample, SeatedDeployment, SeatStore } from '../service/seat-ports.js';
import { deploymentColumns } from './deployment-store.js';
import type { DeploymentRow } from './entities.js';
import { selectHighest, selectKnownSeats } from './known-seats.js';
import { deploymentFromRow } from './mapping.js';
import { seatUseToRow } from './seat-mapping.js';
import { deploymentOwn } from './visibility.js';

/** Seats within one transaction. */
export function createSeatStore(manager: EntityManager, lastWrites: LastWrites): SeatStore {
  return {
    hold: (deploymentIds) =>
      query<SeatedDeployment>(
        manager,
        sql`SELECT id, account_id AS "accountId" FROM deployment
            WHERE ${isOneOf('id', deploymentIds)} ORDER BY id FOR NO KEY UPDATE`,
      ),

    async holdOwn(deploymentIds, { viewer, receivedAt }) {
      const rows = await query<DeploymentRow>(
        manager,
        sql`SELECT ${deploymentColumns} FROM deployment AS d
            WHERE ${isOneOf('d.id', deploymentIds)} AND ${deploymentOwn(viewer, receivedAt)}
            ORDER BY d.id FOR NO KEY UPDATE`,
      );
      return rows.map(deploymentFromRow);
    },

    add: (samples, at) => addSamples(manager, samples, at),
    addNext(samples, at) {
      if (samples.length === 0) return;
      const counts = givenCounts(samples);
      const counted = sql`(SELECT deployment_id, instance_id, taken_at, members, members + guests AS with_guests FROM ${counts})`;
      lastWrites.add(async () => sql`INSERT INTO seat_sample ${samplesOf(counts, at)}`);
      lastWrites.add(async () => raiseDays(counted));
      lastWrites.add(async () => replaceNewest(counted, sql`NULL::timestamptz`));
    },

    async endInstance(deploymentId, instanceId, at) {
      const rows = await query(
        manager,
        sql`WITH ended AS (
              UPDATE seat_newest SET ended_at = ${at}
              WHERE deployment_id = ${deploymentId} AND instance_id = ${instanceId}
                AND (ended_at IS NULL OR ended_at < ${at})
              RETURNING 1)
            SELECT FROM ended`,
      );
      return rows.length > 0;
    },

    known: (deploymentIds) => selectKnownSeats(manager, deploymentIds),
    highest: (deploymentIds) => selectHighest(manager, deploymentIds),

    lockOutdated: (since, limit) =>
      query<SeatedDeployment>(manager, selectOutdated(outdatedOfEverybody(since, limit))),

    async takeOutdated(since, limit) {
      const rows = await query<{ id: string }>(
        manager,
        sql`WITH taken AS (
              UPDATE seat_usage SET holds_until = NULL
              FROM (${selectOutdated(outdatedOfEverybody(since, limit))}) AS outdated WHERE deployment_id = outdated.id
              RETURNING deployment_id)
            SELECT deployment_id AS id FROM taken`,
      );
      return rows.map(({ id }) => id);
    },

    lockOutdatedOf: (accountId, since) =>
      query<SeatedDeployment>(
        manager,
        selectOutdated(
          sql`u.holds_until <= ${since} AND d.account_id = ${accountId} ORDER BY d.id FOR UPDATE OF u`,
        ),
      ),

    put(uses) {
      if (uses.length > 0) lastWrites.add(async () => writeUses(uses));
    },
  };
}

function writeUses(uses: Parameters<SeatStore['put']>[0]): Sql {
  const given = uses.map(({ deploymentId, use, version }) => ({
    ...seatUseToRow(deploymentId, use),
    version,
  }));
  return sql`
    INSERT INTO seat_usage (deployment_id, used, maximum, maximum_since, reported_at, subscription_id, plan_code,
                            purchased, overage, holds_until, told, version)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(given)}) AS use (
      deployment_id uuid, used integer, maximum integer, maximum_since date, reported_at timestamptz,
      subscription_id uuid, plan_code text, purchased integer, overage integer, holds_until timestamptz, told text,
      version integer)
    ON CONFLICT (deployment_id) DO UPDATE SET
      used = excluded.used, maximum = excluded.maximum, maximum_since = excluded.maximum_since,
      reported_at = excluded.reported_at, subscription_id = excluded.subscription_id,
      plan_code = excluded.plan_code, purchased = excluded.purchased, overage = excluded.overage,
      holds_until = excluded.holds_until, told = excluded.told, version = excluded.version`;
}

function selectOutdated(which: Sql): Sql {
  return sql`
    SELECT d.id, d.account_id AS "accountId" FROM seat_usage AS u JOIN deployment AS d ON d.id = u.deployment_id
    WHERE ${which}`;
}

function outdatedOfEverybody(since: Date, limit: number): Sql {
  return sql`
    u.holds_until <= ${since} AND NOT EXISTS (SELECT FROM test_clock AS t WHERE t.account_id = d.account_id)
    ORDER BY u.holds_until LIMIT ${limit} FOR UPDATE OF u SKIP LOCKED`;
}

/**
 * Records what is new, and what follows from it for the days and the newest samples, in one statement: each of these keeps the
 * highest or the newest, so no order of the calls makes a difference. An instance may have been taken out of use before anything of
 * it came in.
 */
async function addSamples(
  manager: EntityManager,
  samples: readonly DeploymentSample[],
  at: Date,
): Promise<void> {
  const reports = [...byDeployment(samples)];
  const counts = reports.flatMap(([deploymentId, own]) =>
    mergeSamples(own).map((sample) => ({ ...sample, deploymentId })),
  );
  const maxima = reports.flatMap(([deployment_id, own]) =>
    mergeMaxima(own).map(({ since, users, toldOn }) => ({ deployment_id, since, users, told_on: toldOn })),
  );
  if (counts.length === 0) return;
  await query(
    manager,
    sql`WITH written AS (
          INSERT INTO seat_sample AS known ${samplesOf(givenCounts(counts), at)}
          ON CONFLICT (deployment_id, instance_id, taken_at) DO UPDATE SET
            members = GREATEST(known.members, excluded.members), guests = GREATEST(known.guests, excluded.guests)
          WHERE known.members < excluded.members OR known.guests < excluded.guests
          RETURNING deployment_id, instance_id, taken_at, members, members + guests AS with_guests
        ), days AS (${raiseDays(sql`written`)}
        ), newest AS (${replaceNewest(sql`written`, endOfInstance)}
        )
        INSERT INTO seat_maximum AS known (deployment_id, since, users, told_on)
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(maxima)}) AS given (
          deployment_id uuid, since date, users integer, told_on date)
        ON CONFLICT (deployment_id, since, users) DO UPDATE SET told_on = excluded.told_on
        WHERE known.told_on > excluded.told_on`,
  );
}

/** Samples as rows `given`. */
function givenCounts(samples: readonly Omit<DeploymentSample, 'maximum'>[]): Sql {
  const counts = samples.map(({ deploymentId, instanceId, takenAt, members, guests }) => {
    return { deployment_id: deploymentId, instance_id: instanceId ?? '', taken_at: takenAt, members, guests };
  });
  return sql`jsonb_to_recordset(${JSON.stringify(counts)}) AS given (
    deployment_id uuid, instance_id text, taken_at timestamptz, members integer, guests integer)`;
}

/** What stands behind INSERT INTO seat_sample. */
function samplesOf(counts: Sql, at: Date): Sql {
  return sql`(deployment_id, instance_id, taken_at, members, guests, recorded_at)
    SELECT deployment_id, instance_id, taken_at, members, guests, ${at}::timestamptz FROM ${counts}`;
}

/** @param counted names or selects samples with their `with_guests` */
function raiseDays(counted: Sql): Sql {
  return sql`
    INSERT INTO seat_day AS known (deployment_id, day, members, with_guests)
    SELECT deployment_id, (taken_at AT TIME ZONE 'UTC')::date, max(members), max(with_guests)
    FROM ${counted} AS written GROUP BY 1, 2
    ON CONFLICT (deployment_id, day) DO UPDATE SET
      members = GREATEST(known.members, excluded.members),
      with_guests = GREATEST(known.with_guests, excluded.with_guests)
    WHERE known.members < excluded.members OR known.with_guests < excluded.with_guests`;
}

/** When the instance of a `written` sample was taken out of use, of which none was recorded before. */
const endOfInstance = sql`(
  SELECT max(i.ended_at) FROM instance AS i
  WHERE i.deployment_id = written.deployment_id AND i.instance_id = written.instance_id)`;

/** @param endedAt kept where the sample is the first of its instance */
function replaceNewest(counted: Sql, endedAt: Sql): Sql {
  return sql`
    INSERT INTO seat_newest AS known (deployment_id, instance_id, taken_at, members, with_guests, ended_at)
    SELECT DISTINCT ON (deployment_id, instance_id) deployment_id, instance_id, taken_at, members, with_guests, ${endedAt}
    FROM ${counted} AS written ORDER BY deployment_id, instance_id, taken_at DESC
    ON CONFLICT (deployment_id, instance_id) DO UPDATE SET
      taken_at = excluded.taken_at, members = excluded.members, with_guests = excluded.with_guests
    WHERE known.taken_at <= excluded.taken_at`;
}

function byDeployment<Row extends { readonly deploymentId: string }>(
  rows: readonly Row[],
): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.deploymentId);
    if (group === undefined) groups.set(row.deploymentId, [row]);
    else group.push(row);
  }
  return groups;
}

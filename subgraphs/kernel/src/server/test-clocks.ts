import { EntitySchema, type EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { TestClock } from '../domain/clock.js';
import type { ResetProjection } from './messaging/projections.js';
import { query } from './sql.js';

interface TestClockRow {
  accountId: string;
  now: Date;
  version: string;
  changedIn: string;
}

/** Where the test clocks stand. `changedIn` is the transaction that advanced a clock last: what other processes look for. */
export const testClockEntity = new EntitySchema<TestClockRow>({
  name: 'TestClock',
  tableName: 'test_clock',
  columns: {
    accountId: { type: 'uuid', name: 'account_id', primary: true },
    now: { type: 'timestamptz' },
    version: { type: 'bigint' },
    changedIn: { type: 'bigint', name: 'changed_in' },
  },
  indices: [{ name: 'test_clock_changed_in', columns: ['changedIn'] }],
});

/** A test clock, locked until the transaction ends; null when the account has none. */
export async function lockTestClock(manager: EntityManager, accountId: string): Promise<TestClock | null> {
  const [row] = await query<{ now: Date; version: string }>(
    manager,
    sql`SELECT now, version FROM test_clock WHERE account_id = ${accountId} FOR UPDATE`,
  );
  return row ? { now: row.now, version: Number(row.version) } : null;
}

/**
 * Sets a test clock to a newer version, never back.
 * @returns where it stands then; null when the version was not newer
 */
export async function putTestClock(
  manager: EntityManager,
  accountId: string,
  { now, version }: TestClock,
): Promise<Date | null> {
  const [row] = await query<{ now: Date }>(
    manager,
    sql`INSERT INTO test_clock AS existing (account_id, now, version, changed_in)
        VALUES (${accountId}, ${now}, ${version}, pg_current_xact_id()::text::bigint)
        ON CONFLICT (account_id) DO UPDATE SET
          now = greatest(existing.now, excluded.now), version = excluded.version,
          changed_in = CASE WHEN excluded.now > existing.now THEN excluded.changed_in ELSE existing.changed_in END
        WHERE existing.version < excluded.version
        RETURNING now`,
  );
  return row?.now ?? null;
}

/** The test clocks that were advanced since an earlier reading, and what the next reading is to begin from. */
export interface TestClockChanges {
  readonly clocks: readonly { readonly accountId: string; readonly now: Date }[];
  /** The oldest transaction that was not over at this reading. */
  readonly horizon: string;
}

/**
 * What was advanced by transactions that were not over at the reading that gave `horizon`; with "0", all. Transactions do
 * not end in the order in which they begin: a mere sequence number would miss one that began early and ended late.
 */
export async function readTestClockChanges(
  manager: EntityManager,
  horizon: string,
): Promise<TestClockChanges> {
  const rows = await query<{ horizon: string; accountId: string | null; now: Date | null }>(
    manager,
    sql`SELECT snapshot.horizon, changed.account_id AS "accountId", changed.now
        FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon) AS snapshot
        LEFT JOIN test_clock AS changed ON changed.changed_in >= ${horizon}::bigint`,
  );
  return {
    clocks: rows.flatMap(({ accountId, now }) => (accountId && now ? [{ accountId, now }] : [])),
    horizon: rows[0]?.horizon ?? horizon,
  };
}

/**
 * Lets every test clock take the version that its owner sends again. The clocks keep their instants until then: an account
 * that fell to the system's time meanwhile would go back.
 */
export const resetTestClocks: ResetProjection = async (manager) => {
  await query(manager, sql`UPDATE test_clock SET version = 0`);
};

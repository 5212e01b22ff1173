import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** The schema of the copies. */
const schema = 'copy_floor';

/** What COPY took for the rows that a run has left. */
export interface CopyFloor {
  readonly rows: number;
  readonly seconds: number;
}

/** The number of the next transaction that writes: what comes later can be told by it. */
export async function nextTransaction(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ next: string }>(
    'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next',
  );
  return rows[0]?.next ?? '0';
}

/**
 * Writes every row that was written since a transaction once more, by COPY from a file of the server, into copies of the
 * tables that have the same columns, checks and indexes and already hold the rows of before.
 * @param client a superuser, who may read and write the server's files
 */
export async function measureCopyFloor(client: pg.Client, since: string): Promise<CopyFloor> {
  await client.query(`CREATE SCHEMA ${schema}`);
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY relname`,
  );
  let seconds = 0;
  let copied = 0;
  for (const { name } of tables) {
    const file = path.join(tmpdir(), `copy-floor-${randomUUID()}`);
    try {
      const written = `xmin::text::bigint >= ${since}`;
      const out = await client.query(`COPY (SELECT * FROM ${name} WHERE ${written}) TO '${file}'`);
      if (out.rowCount === 0) continue;
      const copy = `${schema}.${name}`;
      await client.query(
        `CREATE TABLE ${copy} (LIKE ${name} INCLUDING ALL EXCLUDING IDENTITY EXCLUDING GENERATED)`,
      );
      await client.query(`INSERT INTO ${copy} SELECT * FROM ${name} WHERE NOT ${written}`);
      const startedAt = performance.now();
      await client.query(`COPY ${copy} FROM '${file}'`);
      seconds += (performance.now() - startedAt) / 1000;
      copied += out.rowCount ?? 0;
    } finally {
      await rm(file, { force: true });
    }
  }
  return { rows: copied, seconds };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, RedeliveryAnswer } from '@fulfillment/schema/events/commands';
import type { NewRebuild, ProjectionRebuild, RebuildState } from '@fulfillment/schema/events/deliveries';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import type pg from 'pg';
import type { Board } from './board.js';
import { inTransaction } from './pool-transaction.js';

const pollMilliseconds = 50;

/** Sends a command in the transaction of a connection. */
type SendCommand = (client: pg.PoolClient, service: ServiceName, command: Command) => Promise<void>;

export async function createBoardTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS redelivery_answer (
      id uuid PRIMARY KEY,
      answer jsonb NOT NULL,
      answered_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE IF NOT EXISTS projection_rebuild (
      id uuid PRIMARY KEY,
      consumer text NOT NULL,
      topic text NOT NULL,
      state text NOT NULL DEFAULT 'REQUESTED',
      expected integer,
      received integer NOT NULL DEFAULT 0,
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz
    );
    CREATE UNIQUE INDEX IF NOT EXISTS projection_rebuild_under_way ON projection_rebuild (consumer, topic)
      WHERE state IN ('REQUESTED', 'RUNNING')`);
}

/** The board as two tables of the bus's database. Answers are kept for thirty days. */
export function createBoard(pool: pg.Pool, send: SendCommand): Board {
  return {
    async answerRedelivery(id, answer) {
      await pool.query(`DELETE FROM redelivery_answer WHERE answered_at < now() - interval '30 days'`);
      await pool.query('INSERT INTO redelivery_answer (id, answer) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        id,
        JSON.stringify(answer),
      ]);
    },

    async redeliveryAnswer(id, patienceMilliseconds) {
      const deadline = performance.now() + patienceMilliseconds;
      for (;;) {
        const { rows } = await pool.query<{ answer: RedeliveryAnswer }>(
          'SELECT answer FROM redelivery_answer WHERE id = $1',
          [id],
        );
        if (rows[0]) return rows[0].answer;
        if (performance.now() > deadline) return null;
        await sleep(pollMilliseconds);
      }
    },

    requestRebuild: (rebuild, restart) =>
      inTransaction(pool, async (client) => {
        const known = await findRebuild(client, rebuild.id);
        if (known) return known;
        if (restart) await supersede(client, rebuild);
        if (!(await insertRebuild(client, rebuild))) return findRebuild(client, rebuild.id);
        await send(client, rebuild.consumer, { kind: 'REBUILD', id: rebuild.id, topic: rebuild.topic });
        return findRebuild(client, rebuild.id);
      }),

    async isUnderWay(id) {
      const { rowCount } = await pool.query(
        `SELECT FROM projection_rebuild WHERE id = $1 AND state IN ('REQUESTED', 'RUNNING')`,
        [id],
      );
      return rowCount === 1;
    },

    async reportRebuild({ id, state, expected, received }) {
      await pool.query(
        `UPDATE projection_rebuild
         SET state = $2, expected = $3, received = $4, finished_at = CASE WHEN $2 = 'DONE' THEN now() END
         WHERE id = $1 AND state IN ('REQUESTED', 'RUNNING')`,
        [id, state, expected, received],
      );
    },

    async rebuilds({ consumer, topic }) {
      const { rows } = await pool.query<RebuildRecord>(
        `SELECT * FROM projection_rebuild
         WHERE ($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR topic = $2)
         ORDER BY requested_at DESC, id LIMIT 100`,
        [consumer ?? null, topic ?? null],
      );
      return rows.map(fromRecord);
    },
  };
}

interface RebuildRecord {
  id: string;
  consumer: ServiceName;
  topic: string;
  state: RebuildState;
  expected: number | null;
  received: number;
  requested_by: string;
  requested_at: Date;
  finished_at: Date | null;
}

function fromRecord(record: RebuildRecord): ProjectionRebuild {
  const { requested_by: requestedBy, requested_at: requestedAt, finished_at: finishedAt, ...rest } = record;
  return { ...rest, requestedBy, requestedAt, finishedAt };
}

async function findRebuild(client: pg.PoolClient, id: string): Promise<ProjectionRebuild | null> {
  const { rows } = await client.query<RebuildRecord>('SELECT * FROM projection_rebuild WHERE id = $1', [id]);
  return rows[0] ? fromRecord(rows[0]) : null;
}

async function supersede(client: pg.PoolClient, { consumer, topic }: NewRebuild): Promise<void> {
  await client.query(
    `UPDATE projection_rebuild SET state = 'SUPERSEDED', finished_at = now()
     WHERE consumer = $1 AND topic = $2 AND state IN ('REQUESTED', 'RUNNING')`,
    [consumer, topic],
  );
}

/** False when this one is there, or another one of the same projection is under way. */
async function insertRebuild(
  client: pg.PoolClient,
  { id, consumer, topic, requestedBy }: NewRebuild,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO projection_rebuild (id, consumer, topic, requested_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [id, consumer, topic, requestedBy],
  );
  return rowCount === 1;
}

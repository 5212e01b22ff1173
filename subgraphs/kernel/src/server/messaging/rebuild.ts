import type { Topic } from '@fulfillment/schema/events/topics';
import type { DataSource, EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { Board } from '../bus/board.js';
import { query } from '../sql.js';
import type { ResetProjection } from './projections.js';
import { topicLock } from './topic-lock.js';

interface NewRebuild {
  readonly id: string;
  readonly topic: Topic;
}

/**
 * Begins a rebuild, inside the caller's transaction: empties the projection and forgets how far its topic had come, so
 * that whatever is sent again is new. No event of the topic is taken in meanwhile. The same rebuild again changes nothing;
 * another one takes the place of the one under way.
 */
export async function beginRebuild(
  manager: EntityManager,
  { id, topic }: NewRebuild,
  reset: ResetProjection,
): Promise<void> {
  await query(manager, sql`SELECT pg_advisory_xact_lock(${topicLock}, hashtext(${topic}))`);
  const known = await query(manager, sql`SELECT FROM projection_rebuild WHERE id = ${id}`);
  if (known.length > 0) return;
  await reset(manager, topic);
  await query(manager, sql`DELETE FROM projection_rebuild WHERE topic = ${topic}`);
  await query(manager, sql`DELETE FROM inbox WHERE topic = ${topic}`);
  await query(manager, sql`DELETE FROM inbox_position WHERE topic = ${topic}`);
  await query(manager, sql`DELETE FROM inbox_held WHERE topic = ${topic}`);
  await query(manager, sql`INSERT INTO projection_rebuild (id, topic) VALUES (${id}, ${topic})`);
}

/** Notes how many events the producer sends; what it said when it had sent all of them stands. */
export async function expectArrivals(
  manager: EntityManager,
  announced: { readonly rebuildId: string; readonly expected: number; readonly complete: boolean },
): Promise<void> {
  const { rebuildId, expected, complete } = announced;
  await query(
    manager,
    sql`UPDATE projection_rebuild SET expected = ${expected}, complete = ${complete}
        WHERE id = ${rebuildId} AND NOT complete`,
  );
}

/**
 * Tells the board how far the rebuilds of this service are, and ends those of which everything has arrived. Replicas may
 * do it at the same moment.
 */
export async function reportRebuilds(
  dataSource: DataSource,
  board: Pick<Board, 'reportRebuild'>,
): Promise<void> {
  const rows = await query<{ id: string; expected: number | null; complete: boolean; received: number }>(
    dataSource.manager,
    sql`SELECT id, expected, complete,
               (SELECT count(*)::int FROM rebuild_arrival WHERE rebuild_id = rebuild.id) AS received
        FROM projection_rebuild AS rebuild`,
  );
  for (const { id, expected, complete, received } of rows) {
    const isDone = complete && received >= (expected ?? 0);
    // The board first: what is forgotten here can no longer be told.
    await board.reportRebuild({ id, expected, received, state: isDone ? 'DONE' : 'RUNNING' });
    if (isDone) await query(dataSource.manager, sql`DELETE FROM projection_rebuild WHERE id = ${id}`);
  }
}

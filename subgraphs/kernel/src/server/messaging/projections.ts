import type { Topic } from '@fulfillment/schema/events/topics';
import type { EntityManager } from 'typeorm';
import sql, { raw } from 'sql-template-tag';
import { query } from '../sql.js';

/** Takes away what a service keeps of one topic, so that it can be built again from what the producer sends. */
export type ResetProjection = (manager: EntityManager, topic: Topic) => Promise<void>;

/** How to empty each projection of a service: one for each topic that it consumes and does not merely carry out. */
export type Projections = { readonly [T in Topic]?: ResetProjection };

/** Tables that hold what was taken from one topic, and nothing else. Names are our own code's, never input. */
export const emptyTable =
  (...tables: readonly string[]): ResetProjection =>
  async (manager) => {
    for (const table of tables) await query(manager, sql`DELETE FROM ${raw(table)}`);
  };

/** A table that several topics fill, whose ids are those of the topic's aggregates. */
export const removeAggregates =
  (table: string): ResetProjection =>
  async (manager, topic) => {
    await query(
      manager,
      sql`DELETE FROM ${raw(table)} AS kept USING inbox_position AS position
          WHERE position.topic = ${topic} AND position.aggregate_id = kept.id::text`,
    );
  };

/** Who may see what, as far as one topic said so. Until it is built again, nobody sees by these grants. */
export const removeGrants: ResetProjection = removeAggregates('viewer_grant');

import type { DataSource } from 'typeorm';
import type { Clock } from '../../domain/clock.js';
import sql from 'sql-template-tag';
import { query } from '../sql.js';

/**
 * When the next grant of anybody begins or ends: until then nobody's sight changes by the clock alone. It is answered out of
 * memory, as of the last `refresh`.
 */
export interface GrantBoundary {
  /** Null when no grant begins or ends in time to come. */
  next(): Date | null;
  /** Reads it anew, in one statement. */
  refresh(): Promise<void>;
}

/** @returns a boundary that knows of none until its first `refresh` */
export function createGrantBoundary(dataSource: DataSource, clock: Clock): GrantBoundary {
  let next: Date | null = null;
  return {
    next: () => next,
    async refresh() {
      const now = await clock.now(null);
      const [row] = await query<{ next: Date | null }>(
        dataSource.manager,
        sql`SELECT least(
              (SELECT min(valid_from) FROM viewer_grant WHERE valid_from > ${now}),
              (SELECT min(valid_until) FROM viewer_grant WHERE valid_until > ${now})) AS next`,
      );
      next = row?.next ?? null;
    },
  };
}

import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { DueScope, SetAsideThing } from '../service/due-work-ports.js';
import { notSetAside } from './set-aside-rows.js';

/** A table whose rows come due. */
export interface DueTable {
  readonly kind: SetAsideThing['kind'];
  /** Its name and alias: `invoice_draft` and `d`. */
  readonly name: Sql;
  readonly alias: Sql;
  /** What a row is set aside by, whose it is, and when it is due: `d.id`. */
  readonly id: Sql;
  readonly accountId: Sql;
  readonly dueAt: Sql;
  /** In which order everybody's rows have their turn. */
  readonly order: Sql;
  /** True for rows whose turn has come, once they are due; left out where nothing goes before. */
  readonly condition?: (before: Date) => Sql;
}

/** True for the rows of a scope that are due by an instant. */
export function isDue(scope: DueScope, before: Date, table: DueTable): Sql {
  const { id, accountId, dueAt, condition } = table;
  const due = sql`${dueAt} <= ${before} AND ${condition?.(before) ?? sql`TRUE`}`;
  switch (scope.kind) {
    case 'EVERYBODY':
      return sql`${due} AND ${notSetAside(table.kind, id)}
        AND NOT EXISTS (SELECT FROM account AS owner WHERE owner.id = ${accountId} AND owner.sandbox)`;
    case 'ACCOUNT':
      return sql`${due} AND ${accountId} = ${scope.accountId}`;
    case 'ONE':
      return sql`${due} AND ${id} = ${scope.id}`;
  }
}

/** How the rows of a scope are locked, after their order: of everybody so many, and nobody waits. */
export function lockedAs(scope: DueScope, { alias }: Pick<DueTable, 'alias'>): Sql {
  return scope.kind === 'EVERYBODY'
    ? sql`LIMIT ${scope.limit} FOR UPDATE OF ${alias} SKIP LOCKED`
    : sql`FOR UPDATE OF ${alias}`;
}

/** The ids of what of everybody has its turn next, each once, their rows locked. */
export async function lockDueIds(
  manager: EntityManager,
  table: DueTable,
  before: Date,
  limit: number,
): Promise<string[]> {
  const scope: DueScope = { kind: 'EVERYBODY', limit };
  const rows = await query<{ id: string }>(
    manager,
    sql`SELECT ${table.id} AS id FROM ${table.name} AS ${table.alias} WHERE ${isDue(scope, before, table)}
        ORDER BY ${table.order} ${lockedAs(scope, table)}`,
  );
  return [...new Set(rows.map(({ id }) => id))];
}

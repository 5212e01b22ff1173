import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import { EntitySchema, type EntityManager } from 'typeorm';
import type { SetAside, SetAsideThing } from '../service/due-work-ports.js';

/** What was set aside, by what is to be done and the id of what it is done to. */
export interface SetAsideRow {
  kind: SetAsideThing['kind'];
  subject: string;
  set_aside_at: Date;
}

/** What failed when it fell due: it is done alone, and is not looked for meanwhile. */
export const setAsideEntity = new EntitySchema<SetAsideRow>({
  name: 'SetAside',
  tableName: 'set_aside',
  columns: {
    kind: { type: 'text', primary: true },
    subject: { type: 'text', primary: true },
    set_aside_at: { type: 'timestamptz' },
  },
});

/** True where nothing of this kind was set aside. @param subject an id, of any type */
export function notSetAside(kind: SetAsideThing['kind'], subject: Sql): Sql {
  return sql`NOT EXISTS (SELECT FROM set_aside WHERE kind = ${kind} AND subject = ${subject}::text)`;
}

/** The statement after which things are looked for again: somebody else has dealt with them. */
export function backInTurn(kind: SetAsideThing['kind'], ids: readonly string[]): Sql {
  return sql`DELETE FROM set_aside WHERE kind = ${kind} AND subject = ANY(${[...ids]}::text[])`;
}

/** What is done alone, for use cases. */
export function createSetAsideStore(manager: EntityManager): SetAside {
  return {
    async add(keys, at) {
      const rows = keys.map(({ kind, id }): SetAsideRow => ({ kind, subject: id, set_aside_at: at }));
      await manager.createQueryBuilder().insert().into(setAsideEntity).values(rows).orIgnore().execute();
    },
    async remove({ kind, id }) {
      await query(manager, backInTurn(kind, [id]));
    },
  };
}

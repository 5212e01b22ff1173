import type { DataSource, EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import { query } from './sql.js';

/*
 * Rows that are few, the same for everybody, and needed by most requests are kept by a process. Each statement that needs
 * them asks for their present version alone, and they are read again where it is not the one that is kept. So nothing is
 * shown of a version that is over, and a statement more is sent once after each change. The rows themselves never stand in
 * such a statement: PostgreSQL prepares every part of it each time, also one that it then has no need of.
 */

/** Rows of one kind, all of them. */
export interface KeptRows<Record, Value> {
  /** Gives text: another one after every change. */
  readonly version: Sql;
  /** Gives a JSON array of the records, empty where there are none. */
  readonly all: Sql;
  readonly fromRecords: (records: readonly Record[]) => Value;
}

/** A read of one kind, for one statement. */
export interface KeptRead<Value> {
  /** Gives the present version, as an expression of the statement. */
  readonly version: Sql;
  /** The rows of the version that the statement found, or of a later one. */
  readonly take: (found: string) => Promise<Value>;
}

/** What the transaction that reads them has done with such rows. */
export type InTransaction = 'MAY_BE_CHANGED' | 'UNCHANGED';

interface Kept<Value> {
  readonly version: string;
  readonly value: Value;
}

/**
 * Keeps rows of one kind for each database. What a transaction reads is kept only where it says that it has not changed any: it may
 * see what it wrote and takes back.
 * @returns a read of them, for one statement by a manager
 */
export function keepRows<Record, Value>({ version, all, fromRecords }: KeptRows<Record, Value>) {
  const keptOf = new WeakMap<DataSource, Kept<Value>>();
  const whole = sql`SELECT ${version} AS version, ${all} AS records`;

  return (manager: EntityManager, inTransaction: InTransaction = 'MAY_BE_CHANGED'): KeptRead<Value> => {
    const { dataSource, queryRunner } = manager;
    // A statement may still find what was kept when it was sent, where others have taken a later version meanwhile.
    const keptBefore = keptOf.get(dataSource);
    return {
      version,
      async take(found) {
        const kept = keptBefore?.version === found ? keptBefore : keptOf.get(dataSource);
        if (kept?.version === found) return kept.value;
        const [present] = await query<{ version: string; records: Record[] }>(manager, whole);
        if (present === undefined) throw new Error('A statement without FROM gave no row');
        const value = fromRecords(present.records);
        if (queryRunner === undefined || inTransaction === 'UNCHANGED')
          keptOf.set(dataSource, { version: present.version, value });
        return value;
      },
    };
  };
}

import type { DataSource, EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import { query } from './sql.js';

/*
 * Rows that are few, the same for everybody, and needed by most requests are kept by a process. Each statement that needs
 * them asks for their present version alone, and they are read again where it is not the one that is kept. So nothing is
 * shown of a version that is over, and a statement more is sent once after each change. What is not asked for costs
 * nothing: PostgreSQL prepares every part of a statement each time, also one that it then has no need of.
 */

/** Rows of one kind, all of them, as one statement among others reads them. */
export interface KeptRows<Record, Value> {
  /** Gives text: another one after every change. */
  readonly version: Sql;
  /** Gives a JSON array of the records, empty where there are none. */
  readonly all: Sql;
  readonly fromRecords: (records: readonly Record[]) => Value;
}

/** What comes of it in a row; `all` is null where rows are kept already. */
export interface KeptRecord<Record> {
  version: string;
  all: Record[] | null;
}

/** A read of one kind as part of a statement. */
export interface KeptRead<Record, Value> {
  /** Gives a `KeptRecord`. */
  readonly column: Sql;
  /** The rows of the version that the statement found, or of a later one. */
  readonly take: (record: KeptRecord<Record>) => Promise<Value>;
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
  const versionAlone = sql`json_build_object('version', ${version}, 'all', NULL)`;
  const whole = sql`json_build_object('version', ${version}, 'all', ${all})`;

  return (
    manager: EntityManager,
    inTransaction: InTransaction = 'MAY_BE_CHANGED',
  ): KeptRead<Record, Value> => {
    const { dataSource, queryRunner } = manager;
    // What is kept when the statement is sent is what it speaks of, whatever others take meanwhile.
    const known = keptOf.get(dataSource);
    return {
      column: known === undefined ? whole : versionAlone,
      async take(record) {
        if (known !== undefined && known.version === record.version) return known.value;
        const present = record.all === null ? await readWhole<Record>(manager, whole) : record;
        const value = fromRecords(present.all ?? []);
        if (queryRunner === undefined || inTransaction === 'UNCHANGED')
          keptOf.set(dataSource, { version: present.version, value });
        return value;
      },
    };
  };
}

async function readWhole<Record>(manager: EntityManager, whole: Sql): Promise<KeptRecord<Record>> {
  const [row] = await query<{ whole: KeptRecord<Record> }>(manager, sql`SELECT ${whole} AS whole`);
  if (row === undefined) throw new Error('A statement without FROM gave no row');
  return row.whole;
}

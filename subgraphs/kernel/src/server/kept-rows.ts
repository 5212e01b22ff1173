import type { DataSource, EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';

/*
 * Rows that are few, the same for everybody, and needed by most requests are kept by a process. Each statement that needs
 * them says which version is kept: they come along where that is not the present one. So nothing is shown of a version that
 * is over, and no statement more is sent.
 */

/** Rows of one kind, all of them, as one statement among others reads them. */
export interface KeptRows<Record, Value> {
  /** Gives text: another one after every change. */
  readonly version: Sql;
  /** Gives a JSON array of the records, empty where there are none. */
  readonly all: Sql;
  readonly fromRecords: (records: readonly Record[]) => Value;
}

/** What comes of it in a row; `all` is null when the kept ones hold. */
export interface KeptRecord<Record> {
  version: string;
  all: Record[] | null;
}

/** A read of one kind as part of a statement. */
export interface KeptRead<Record, Value> {
  /** Gives a `KeptRecord`. */
  readonly column: Sql;
  readonly take: (record: KeptRecord<Record>) => Value;
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

  return (
    manager: EntityManager,
    inTransaction: InTransaction = 'MAY_BE_CHANGED',
  ): KeptRead<Record, Value> => {
    const { dataSource, queryRunner } = manager;
    // What is kept when the statement is sent is what it speaks of, whatever others take meanwhile.
    const known = keptOf.get(dataSource);
    return {
      column: sql`(
        SELECT json_build_object('version', v.version, 'all',
          CASE WHEN v.version IS DISTINCT FROM ${known?.version ?? null}::text THEN ${all} END)
        FROM (SELECT ${version} AS version) AS v)`,
      take: (record) => {
        if (known !== undefined && record.all === null) return known.value;
        const value = fromRecords(record.all ?? []);
        if (queryRunner === undefined || inTransaction === 'UNCHANGED')
          keptOf.set(dataSource, { version: record.version, value });
        return value;
      },
    };
  };
}

import { randomUUID } from 'node:crypto';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import type pg from 'pg';
import type { TableShape } from './write-shape.js';

/** The schema of the copies: they have the columns, checks and indexes of the tables that they stand for. */
const floorSchema = 'write_floor';

interface Column {
  readonly name: string;
  readonly type: string;
  /** Part of an index that holds each value once. */
  readonly unique: boolean;
}

/** A copy of a table that rows of the same shape can be written into over and over. */
export interface FloorTable {
  readonly shape: TableShape;
  readonly copy: string;
  /** The columns that tell a row from the others. */
  readonly keys: readonly string[];
  /** A column to update that is no key. */
  readonly changed: string;
  /** A row as there was one, with keys of its own. */
  readonly newRow: () => Readonly<Record<string, unknown>>;
}

/**
 * Copies a table's form. Rows are made after those in it at this moment: call it while orders are under way, for the
 * bus keeps none.
 * @returns undefined when the table is empty
 */
export async function copyTable(client: pg.Client, shape: TableShape): Promise<FloorTable | undefined> {
  const { rows: samples } = await client.query<Record<string, unknown>>(
    `SELECT * FROM ${shape.table} ORDER BY ctid DESC LIMIT 100`,
  );
  if (samples.length === 0) return undefined;
  const columns = await columnsOf(client, shape.table);
  const copy = `${floorSchema}.${shape.table.replace(/^.*\./, '').replaceAll('"', '')}`;
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${floorSchema}`);
  await client.query(`CREATE TABLE ${copy} (LIKE ${shape.table} INCLUDING ALL EXCLUDING IDENTITY)`);
  const unique = columns.filter((column) => column.unique);
  const keys = (unique.length > 0 ? unique : columns.slice(0, 1)).map(({ name }) => name);
  const changed = columns.find(({ unique: isKey }) => !isKey)?.name ?? keys[0] ?? '';
  let turn = 0;
  return {
    shape,
    copy,
    keys,
    changed,
    newRow: () => {
      turn += 1;
      const sample = samples[turn % samples.length] ?? {};
      return Object.fromEntries(
        columns.map((column) => [column.name, valueOf(column, sample[column.name], turn)]),
      );
    },
  };
}

function valueOf({ unique, type }: Column, sample: unknown, turn: number): unknown {
  if (!unique || sample === null) {
    return type === 'json' || type === 'jsonb' ? JSON.stringify(sample) : sample;
  }
  if (type === 'uuid') return randomUUID();
  if (/^(bigint|integer|numeric)$/.test(type)) return 100_000_000 + turn;
  if (type === 'text' && typeof sample === 'string') return freshText(sample, turn);
  return sample;
}

/** An id stays as long as it was. */
function freshText(sample: string, turn: number): string {
  return isUuid(sample) ? randomUUID() : `${sample} ${turn}`;
}

/** Generated columns are worked out by the database. */
async function columnsOf(client: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type,
            EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisunique AND attnum = ANY(indkey)) AS unique
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attnum`,
    [table],
  );
  return rows;
}

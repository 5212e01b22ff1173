import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { TableRows } from '../population/seeder.js';

/**
 * Writes rows by COPY, the fastest way in, inside the caller's transaction. Every row has the columns of the first;
 * nothing happens without rows. Table and column names are our own code's, never input.
 */
export async function copyRows(client: pg.ClientBase, { table, rows, replaceBy }: TableRows): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const names = columns.map((column) => `"${column}"`).join(', ');
  if (!replaceBy) return copyInto(client, `${table} (${names})`, columns, rows);

  const staging = `${table}_staging`;
  await client.query(`CREATE TEMPORARY TABLE IF NOT EXISTS ${staging} (LIKE ${table}) ON COMMIT DELETE ROWS`);
  await copyInto(client, `${staging} (${names})`, columns, rows);
  const replaced = columns.filter((column) => !replaceBy.includes(column));
  await client.query(
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${staging}
     ON CONFLICT (${replaceBy.join(', ')})
     DO UPDATE SET ${replaced.map((column) => `"${column}" = excluded."${column}"`).join(', ')}`,
  );
}

/** Bytes handed to the connection at once: a line by itself costs a system call each. */
const chunkLength = 64 * 1024;

async function copyInto(
  client: pg.ClientBase,
  target: string,
  columns: readonly string[],
  rows: TableRows['rows'],
): Promise<void> {
  await pipeline(
    Readable.from(copyChunks(columns, rows)),
    client.query(copyFrom(`COPY ${target} FROM STDIN`)),
  );
}

function* copyChunks(columns: readonly string[], rows: TableRows['rows']): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += copyLine(columns, row);
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function copyLine(columns: readonly string[], row: TableRows['rows'][number]): string {
  return `${columns.map((column) => copyField(row[column])).join('\t')}\n`;
}

const special = /[\\\t\n\r]/;
const everySpecial = /[\\\t\n\r]/g;

/** COPY's text form: \N for null, backslash escapes for what separates. */
function copyField(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  const written = text(value);
  // Hardly any field has one, and looking is cheaper than replacing.
  if (!special.test(written)) return written;
  return written.replace(everySpecial, (character) => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

import type { TableRows } from './seeder.js';

type Row = TableRows['rows'][number];

/** Gathers rows by table, in the order in which the tables were first mentioned: a table after those it refers to. */
export class RowCollector {
  readonly #rows = new Map<string, Row[]>();

  /** @param row by column name, not to be changed any more; every row of a table has the same columns */
  add(table: string, row: object): void {
    const known = this.#rows.get(table);
    if (known) known.push(row as Row);
    else this.#rows.set(table, [row as Row]);
  }

  tables(): TableRows[] {
    return [...this.#rows].map(([table, rows]) => ({ table, rows }));
  }
}

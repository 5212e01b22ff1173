import type { TableRows } from './seeder.js';

/** Gathers rows by table, in the order in which the tables were first mentioned: a table after those it refers to. */
export class RowCollector {
  readonly #rows = new Map<string, Record<string, unknown>[]>();

  /** @param row by column name; every row of a table has the same columns */
  add(table: string, row: object): void {
    const known = this.#rows.get(table);
    if (known) known.push({ ...row });
    else this.#rows.set(table, [{ ...row }]);
  }

  tables(): TableRows[] {
    return [...this.#rows].map(([table, rows]) => ({ table, rows }));
  }
}

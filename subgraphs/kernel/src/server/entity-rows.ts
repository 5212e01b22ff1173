import type { EntitySchema } from 'typeorm';

/** A row in an entity's own property names, by the names of its table's columns: what COPY writes. */
export function columnsOf<Row extends object>(entity: EntitySchema<Row>, row: Row): Record<string, unknown> {
  const columns = entity.options.columns as Readonly<Record<string, { readonly name?: string } | undefined>>;
  return Object.fromEntries(
    Object.entries(row).map(([property, value]) => [columns[property]?.name ?? property, value]),
  );
}

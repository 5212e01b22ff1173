/** A foreign key of one column to another entity's id, by the name that the migration gives it. */
export function reference(name: string, target: string, column: string) {
  return { name, target, columnNames: [column], referencedColumnNames: ['id'] };
}

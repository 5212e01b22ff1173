/** Something in the input of a mutation that the caller can mend. */
export interface UserError<Code extends string> {
  readonly code: Code;
  /** What is wrong and how to mend it. */
  readonly message: string;
  /** The path of the input field; empty when it is none of them. */
  readonly field: readonly string[];
}

/** The way to a field of the input: names, and places in lists. */
export type FieldPath = readonly (string | number)[];

/**
 * Makes the errors of a catalog: what each code means, in a sentence.
 * @returns an error of the catalog, with its sentence unless a closer one is given
 */
export function errorsOf<Catalog extends Readonly<Record<string, string>>>(catalog: Catalog) {
  return <Code extends keyof Catalog & string>(
    code: Code,
    field: FieldPath,
    message: string = catalog[code] ?? code,
  ): UserError<Code> => ({ code, message, field: field.map(String) });
}

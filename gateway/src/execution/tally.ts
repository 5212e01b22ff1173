/** A number that is known before any request, or one that depends on a request's variables. */
export type Count = number | ((variables: Readonly<Record<string, unknown>>) => number);

/** What is counted of the answer to one field while it is written. */
export interface FieldTally {
  /** Once where the field is answered, be it with null. */
  readonly own: Count;
  /** For each value that is not null. */
  readonly each: number;
  /** Of the objects that are its values. */
  readonly below: Tally;
}

/** What is counted of objects, by the keys of their fields in the answer: what is not in it counts nothing. */
export type Tally = ReadonlyMap<string, FieldTally>;

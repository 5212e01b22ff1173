/** Something in the contracts that breaks a rule: where, and what to do about it. */
export interface Problem {
  /** A coordinate of the schema or the path of a file. */
  readonly at: string;
  readonly message: string;
}

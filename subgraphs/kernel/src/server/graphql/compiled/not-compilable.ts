/** Thrown while a query is compiled that graphql-js has to execute. */
export class NotCompilable extends Error {
  override name = 'NotCompilable';

  /** @param what stands in the query or the schema that is not compiled */
  constructor(what: string) {
    super(`Not compiled: ${what}`);
  }
}

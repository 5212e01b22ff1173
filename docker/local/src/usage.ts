/** A command was called in a way that it does not know; the message says what is wrong, `usage` how it is called. */
export class UsageError extends Error {
  override name = 'UsageError';

  constructor(
    message: string,
    readonly usage: string,
  ) {
    super(message);
  }
}

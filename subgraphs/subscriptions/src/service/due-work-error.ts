/** What is due for one subscription cannot be done. It says for which and why, as operations reads no more of it than this. */
export class DueWorkError extends Error {
  override readonly name = 'DueWorkError';
  constructor(subscriptionId: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`What is due for subscription ${subscriptionId} cannot be done: ${why}`, { cause });
  }
}

/**
 * Where an edge gets the time from. Each account has its own clock, so that a sandbox account can live on a test clock;
 * domain code gets the instant as a parameter and never asks.
 */
export interface Clock {
  /** The present instant of an account; of the system itself with null. */
  now(accountId: string | null): Promise<Date>;
}

/**
 * Where an edge gets the time from. Each account has its own clock, so that a sandbox account can live on a test clock;
 * domain code gets the instant as a parameter and never asks.
 */
export interface Clock {
  /** The present instant of an account: of its test clock, if it has one. Of the system itself with null. */
  now(accountId: string | null): Promise<Date>;
}

/** How far the test clock of an account has come. */
export interface TestClock {
  readonly now: Date;
  /** Counts the steps of the clock, from 1. */
  readonly version: number;
}

/** The test clocks of sandbox accounts, inside one transaction. */
export interface TestClocks {
  /** The test clock of an account, locked until the transaction ends; null while the account lives by the system's time. */
  find(accountId: string): Promise<TestClock | null>;
  /**
   * Sets the test clock of an account, which has one from then on. A version that is not newer changes nothing, and an
   * earlier instant leaves the clock where it is: no clock ever goes back.
   */
  set(accountId: string, now: Date, version: number): Promise<void>;
}

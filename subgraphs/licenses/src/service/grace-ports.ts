/** The end of the days of grace of a subscription. */
export interface GraceEnd {
  readonly subscriptionId: string;
  readonly accountId: string;
  readonly endsAt: Date;
}

/** One that has come and was not told. */
export interface DueGraceEnd {
  readonly subscriptionId: string;
  readonly deploymentId: string;
  readonly endsAt: Date;
}

export interface GraceEndStore {
  /** Keeps when a subscription's grace ends; another end than before is told again. */
  put(end: GraceEnd): Promise<void>;
  /** Those of everybody without a test clock, the earliest first, a few at a time, without those that another process holds. */
  holdDue(now: Date, limit: number): Promise<readonly DueGraceEnd[]>;
  /** As `holdDue`, for another transaction to tell of: they are due no more. */
  takeDue(now: Date, limit: number): Promise<readonly DueGraceEnd[]>;
  /** The end of a subscription's grace if it is still this instant, locked until the transaction ends. */
  endingAt(subscriptionId: string, endsAt: Date): Promise<DueGraceEnd | null>;
  holdDueOf(accountId: string, now: Date): Promise<readonly DueGraceEnd[]>;
  told(subscriptionIds: readonly string[], at: Date): Promise<void>;
}

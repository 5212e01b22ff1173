import type { DueWorkPayload, PendingPaymentPayload } from '@fulfillment/schema/events/subscriptions';

/**
 * Whose due work is done: that of all accounts but sandboxes, so much at once; that of one sandbox; or one thing alone, which was set
 * aside before.
 */
export type DueScope =
  | { readonly kind: 'EVERYBODY'; readonly limit: number }
  | { readonly kind: 'ACCOUNT'; readonly accountId: string }
  | { readonly kind: 'ONE'; readonly id: string };

/** Rows that come due by the clock. */
export interface DueRows<Held> {
  /**
   * Those that are due by an instant, locked until the transaction ends: of EVERYBODY those that are due longest, without what another
   * process holds or was set aside.
   */
  lockDue(scope: DueScope, before: Date): Promise<Held[]>;
  /** The ids of what `lockDue` gives of EVERYBODY, locked like it, with nothing read that could not be understood. */
  lockDueIds(before: Date, limit: number): Promise<string[]>;
}

/** Something that failed together with others, or in its turn, and is to be done alone. */
export type SetAsideThing = DueWorkPayload | PendingPaymentPayload;

/** Which it is: the kind of work and the id of what it is done to. */
export interface SetAsideKey<Kind = SetAsideThing['kind']> {
  readonly kind: Kind;
  readonly id: string;
}

/** What is taken out of what is due, until it was done alone or somebody else has dealt with it. */
export interface SetAside {
  /** What was set aside before stays so. */
  add(keys: readonly SetAsideKey[], at: Date): Promise<void>;
  remove(key: SetAsideKey): Promise<void>;
}

import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { Account } from '../account.js';
import type { OrderedItem, OrderHead } from '../placed-order.js';
import type { Refusal } from '../refusal.js';
import type { NewSubscription } from '../subscription.js';

/** What an action charges for: these items, for these days. */
export interface ChargedFor {
  readonly items: readonly OrderedItem[];
  readonly servicePeriod: LocalPeriod;
}

/** What carrying out needs besides the action itself. */
export interface ActionSetting {
  readonly order: OrderHead;
  readonly soldTo: Account;
  /** When it is recorded. */
  readonly at: Date;
}

/**
 * How one kind of order action is carried out. A new kind is one new file that exports one of these, and its entry in
 * the table of `actions/index.ts`.
 */
export interface ActionRules<Action> {
  /** Why it cannot be carried out, whatever it costs; null when it can. */
  readonly refusal: (action: Action) => Refusal | null;
  /** Its charges are held against this. */
  readonly chargedFor: (action: Action, order: OrderHead) => ChargedFor;
  /** The subscriptions that it creates, each with its first version. */
  readonly newSubscriptions: (action: Action, setting: ActionSetting) => readonly NewSubscription[];
}

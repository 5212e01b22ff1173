import type { SeatUsagePayload } from '@fulfillment/schema/events/licenses';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { SettledDay } from '../domain/reconciliation/judged-days.js';
import type { AgreedMode, ReconciliationMode } from '../domain/reconciliation/mode.js';
import type { SeatUsage } from '../domain/reconciliation/seat-usage.js';
import type { SubscriptionVersion } from '../domain/subscription.js';
import type { DueRows, DueScope } from './due-work-ports.js';

/** The use of a term's seats, and when it is settled next: a time to look, as the history says which days are settled. */
export interface ScheduledSeatUsage extends SeatUsage {
  readonly accountId: string;
  /** Of the snapshot that told it. */
  readonly sequence: number;
  readonly reconcileOn: LocalDate;
  readonly reconcileAt: Date;
}

/** What was told of a term of which no version is known yet. */
export interface WaitingSeatUsage {
  readonly subscriptionId: string;
  readonly termStart: LocalDate;
  /** Of the snapshot that told it. */
  readonly sequence: number;
  readonly payload: SeatUsagePayload;
}

/** What was settled on a day, once and for all. */
export interface SettledSeats extends SettledDay {
  readonly subscriptionId: string;
  readonly termStart: LocalDate;
  readonly kind: ReconciliationMode;
  readonly maximum: number;
  readonly documentId: string | null;
  readonly recordedAt: Date;
}

/** The account's own terms, who set them and when. */
export interface ReconciliationTerms {
  readonly accountId: string;
  readonly mode: ReconciliationMode;
  /** The first day (UTC) of the use that they are for. */
  readonly from: LocalDate;
  readonly setBy: string;
  readonly setAt: Date;
}

/** How the seats of terms are used, and when that is settled. */
export interface ScheduledSeatUsages extends DueRows<ScheduledSeatUsage> {
  /** The use of one term; null when it is not known, or settled. */
  find(subscriptionId: string, termStart: LocalDate): Promise<ScheduledSeatUsage | null>;
  /** Keeps the use of terms, each of another one; what was told before changes nothing. */
  put(usages: readonly ScheduledSeatUsage[]): Promise<void>;
  /** When the next is to be settled for an account; null when none is. */
  nextDueOf(accountId: string): Promise<Date | null>;
  /** Settles a term next on another day; never again with null. */
  scheduleNext(
    usage: ScheduledSeatUsage,
    next: Pick<ScheduledSeatUsage, 'reconcileOn' | 'reconcileAt'> | null,
  ): Promise<void>;
}

/** What was told of terms of which no version is known yet. */
export interface WaitingSeatUsages {
  /** Keeps a snapshot until a version of its term is known; one that was told before changes nothing. */
  putWaiting(usage: WaitingSeatUsage): Promise<void>;
  /**
   * Takes out what waited for a version that is known by now: a few at a time, without what another process holds or was set aside, or
   * that of one subscription.
   */
  takeWaiting(scope: Exclude<DueScope, { kind: 'ACCOUNT' }>): Promise<WaitingSeatUsage[]>;
  /** The subscriptions of what `takeWaiting` would take, locked like it. */
  lockWaitingIds(limit: number): Promise<string[]>;
}

/** What was settled, and the histories by which it is. */
export interface SettledReconciliations {
  /** Every version of subscriptions. */
  histories(subscriptionIds: readonly string[]): Promise<ReadonlyMap<string, readonly SubscriptionVersion[]>>;
  /** What was settled of subscriptions, the earliest first. */
  settled(subscriptionIds: readonly string[]): Promise<ReadonlyMap<string, readonly SettledSeats[]>>;
  settle(settled: readonly SettledSeats[]): Promise<void>;
}

/** What was agreed with accounts. */
export interface ReconciliationTermsOfAccounts {
  /** The terms of those accounts that have their own now. */
  terms(accountIds: readonly string[]): Promise<ReadonlyMap<string, ReconciliationTerms>>;
  /** All that was ever agreed with accounts, in the order in which it was. */
  agreedModes(accountIds: readonly string[]): Promise<readonly AgreedMode[]>;
  /** Sets an account's own terms from a day on; the rules decide again with the mode null. What held before stays known. */
  setTerms(terms: AgreedMode & Pick<ReconciliationTerms, 'setBy' | 'setAt'>): Promise<void>;
}

/** All that seats are settled by. */
export interface Reconciliations
  extends ScheduledSeatUsages, WaitingSeatUsages, SettledReconciliations, ReconciliationTermsOfAccounts {}

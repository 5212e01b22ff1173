import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { ReconciliationMode } from '../domain/reconciliation/mode.js';
import type { SeatUsage } from '../domain/reconciliation/seat-usage.js';
import type { SubscriptionVersion } from '../domain/subscription.js';

/** The use of a term's seats, and when it is settled next. */
export interface ScheduledSeatUsage extends SeatUsage {
  readonly accountId: string;
  /** Of the snapshot that told it. */
  readonly sequence: number;
  readonly reconcileOn: LocalDate;
  readonly reconcileAt: Date;
}

/** What was settled on a day, once and for all. */
export interface SettledSeats {
  readonly subscriptionId: string;
  readonly termStart: LocalDate;
  readonly dueOn: LocalDate;
  readonly kind: 'QUARTERLY' | 'TRUE_UP';
  readonly maximum: number;
  readonly agreed: number;
  readonly seats: number;
  readonly documentId: string | null;
  readonly recordedAt: Date;
}

/** The account's own terms, who set them and when. */
export interface ReconciliationTerms {
  readonly accountId: string;
  readonly mode: ReconciliationMode;
  readonly setBy: string;
  readonly setAt: Date;
}

export interface Reconciliations {
  /** The use of one term; null when it is not known, or settled. */
  find(subscriptionId: string, termStart: LocalDate): Promise<ScheduledSeatUsage | null>;
  /** Keeps the use of a term; one that was told before changes nothing. */
  put(usage: ScheduledSeatUsage): Promise<void>;
  /** Those that are to be settled by an instant, a few at a time, without those that another process holds and without sandboxes. */
  lockDue(before: Date, limit: number): Promise<ScheduledSeatUsage[]>;
  lockDueOf(accountId: string, before: Date): Promise<ScheduledSeatUsage[]>;
  /** When the next is to be settled for an account; null when none is. */
  nextDueOf(accountId: string): Promise<Date | null>;
  /** Settles a term next on another day; never again with null. */
  scheduleNext(
    usage: ScheduledSeatUsage,
    next: Pick<ScheduledSeatUsage, 'reconcileOn' | 'reconcileAt'> | null,
  ): Promise<void>;
  /** Looks at a subscription again at an instant. */
  postpone(subscriptionId: string, until: Date): Promise<void>;
  /** Every version of subscriptions. */
  histories(subscriptionIds: readonly string[]): Promise<ReadonlyMap<string, readonly SubscriptionVersion[]>>;
  /** The days on which terms were settled before, as `subscriptionId termStart dueOn`. */
  settledOn(usages: readonly ScheduledSeatUsage[]): Promise<ReadonlySet<string>>;
  settle(settled: readonly SettledSeats[]): Promise<void>;
  /** The terms of those accounts that have their own. */
  terms(accountIds: readonly string[]): Promise<ReadonlyMap<string, ReconciliationTerms>>;
  /** Sets an account's own terms; the rules decide again with null. */
  setTerms(accountId: string, terms: Omit<ReconciliationTerms, 'accountId'> | null): Promise<void>;
}

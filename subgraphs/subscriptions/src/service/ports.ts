import type { TaxRates } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Clock, TestClocks } from '@fulfillment/kernel/domain/clock';
import type {
  BillingSubscriptionPayload,
  PartnerInvoicePostedPayload,
  TestClockPayload,
} from '@fulfillment/schema/events/subscriptions';
import type { FulfillmentStepPayload, GrantPayload } from '@fulfillment/schema/events/envelope';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import type { Account } from '../domain/account.js';
import type { BillingState } from '../domain/due-work.js';
import type { Partner } from '../domain/partner.js';
import type { BillingSubscription, NewSubscription, SubscriptionVersion } from '../domain/subscription.js';
import type { DueRows, SetAside, SetAsideThing } from './due-work-ports.js';
import type { Reconciliations } from './reconciliation-ports.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';

/** The projection of orders' accounts. */
export interface Accounts {
  /** Writes an account, replacing what was known of it. */
  put(account: Account): Promise<void>;
  /** The accounts that are known, by id. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, Account>>;
  /**
   * Until the transaction ends, nobody else takes any of these accounts in or decides that it is missing: an order that
   * starts to wait and the account that it waits for cannot miss each other.
   */
  lockArrival(ids: readonly string[]): Promise<void>;
}

/** The projection of partners. */
export interface Partners {
  /** Writes a partner, replacing what was known of it. */
  put(partner: Partner): Promise<void>;
}

/** An order behind a version of a subscription. */
export interface RecentOrder {
  readonly orderId: string;
  readonly version: number;
}

/** What was bought once of a product within a term, and the first day on which it was there. */
export interface BoughtOnce {
  readonly productCode: string;
  readonly termStart: LocalDate;
  /** Units, all that was bought in the term. */
  readonly quantity: number;
  readonly on: LocalDate;
}

/** A subscription with the orders behind its newest versions, the newest first, and all that was ever bought once for it. */
export interface StoredSubscription extends BillingSubscription {
  /** The day from which the account of its head has it: from it on, nothing of another account holds. */
  readonly heldSince: LocalDate;
  readonly recentOrders: readonly RecentOrder[];
  readonly boughtOnce: readonly BoughtOnce[];
}

/** A subscription that is locked until the transaction ends, with how far it is billed. */
export interface HeldSubscription extends StoredSubscription, BillingState {}

/** How far a subscription is billed, and when something falls due for it by itself; never with null. */
export interface BillingSchedule {
  readonly subscriptionId: string;
  readonly accountId: string;
  readonly billedUntil: LocalDate;
  readonly dueAt: Date | null;
}

/** Of what falls due for subscriptions, what an account has ordered for a day that has come goes first. */
export interface Subscriptions extends DueRows<HeldSubscription> {
  /** Stores new subscriptions with their versions and gives each its number. */
  create(subscriptions: readonly NewSubscription[]): Promise<StoredSubscription[]>;
  /** Adds versions to histories. Throws when a version was added before. */
  append(
    subscriptions: readonly { readonly id: string; readonly versions: readonly SubscriptionVersion[] }[],
  ): Promise<void>;
  lock(ids: readonly string[]): Promise<HeldSubscription[]>;
  /** When the next thing falls due for an account, a scheduled order among others; null when nothing does. */
  nextDueOf(accountId: string): Promise<Date | null>;
  /** Who sold a subscription; null when nobody did, or there is none. */
  partnerOfRecord(id: string): Promise<string | null>;
  /** Writes how far subscriptions are billed; whatever of them was set aside has been done with it. */
  schedule(schedules: readonly BillingSchedule[]): Promise<void>;
}

/** Orders whose accounts have not all arrived. */
export interface WaitingOrders {
  keep(order: OrderPayload, accountIds: readonly string[]): Promise<void>;
  /** The orders that wait for an account among others, locked until the transaction ends. */
  lockFor(accountId: string): Promise<OrderPayload[]>;
  remove(orderId: string): Promise<void>;
}

/** An order that was taken for a later day, as it was kept. */
export interface DueOrder {
  readonly orderId: string;
  readonly payload: OrderPayload;
}

/** Orders that were taken for a later day; what is due on the same day goes by when it was placed. */
export interface ScheduledOrders extends DueRows<DueOrder> {
  keep(order: OrderPayload, dueAt: Date): Promise<void>;
  remove(orderId: string): Promise<void>;
}

/** What became of an order, once and for all. */
export interface OrderOutcome {
  readonly orderId: string;
  readonly outcome: 'FULFILLED' | 'REFUSED';
  readonly reason: string | null;
  readonly decidedAt: Date;
}

export interface OrderOutcomes {
  isDecided(orderId: string): Promise<boolean>;
  /** @returns false when the order was decided before: then nothing is to be done */
  record(outcome: OrderOutcome): Promise<boolean>;
}

/** What dunning suspends and gives back, for want of payment. */
export interface Suspensions {
  /** Subscriptions of an account that run on a day, with an unpaid invoice on which suspension was asked for. */
  unpaidToSuspend(accountId: string, today: LocalDate): Promise<string[]>;
  /** Subscriptions that dunning suspended and whose term goes on, for which nothing is unpaid any more. */
  paidToResume(accountId: string, today: LocalDate): Promise<string[]>;
  /** Accounts for which either may be, in the order of their ids, from the one after `after`; without sandboxes and what was set aside. */
  accountsToLookAt(after: string | null, limit: number): Promise<string[]>;
}

/** Where the test clock of a sandbox account is going. */
export interface TestClockTarget {
  readonly accountId: string;
  readonly target: Date;
  /** True once it is there and everything on the way is done. */
  readonly settled: boolean;
}

export interface TestClockTargets {
  /** Says where a clock is going; one that was set aside is tried at once. */
  put(target: TestClockTarget): Promise<void>;
  find(accountId: string): Promise<TestClockTarget | null>;
  /** The accounts whose clocks are on their way, in the order of their ids, from the one after `after`; without what was set aside. */
  unsettled(after: string | null, limit: number): Promise<string[]>;
}

/** Who may see what, in this service's own rows. */
export interface Grants {
  put(grant: GrantPayload): Promise<void>;
}

/** Events appended to the outbox, in the transaction of what they tell. */
export interface Announcements {
  subscriptionChanged(version: number, payload: BillingSubscriptionPayload, at: Date): Promise<void>;
  grantGiven(payload: GrantPayload, at: Date): Promise<void>;
  stepTaken(payload: FulfillmentStepPayload, at: Date): Promise<void>;
  partnerInvoicePosted(payload: PartnerInvoicePostedPayload, at: Date): Promise<void>;
  /** Tells subscriptions itself of something that came due, failed and is to be done alone. */
  dueWork(due: SetAsideThing, at: Date): Promise<void>;
  /** @param version counts the steps of the clock */
  testClockMoved(payload: TestClockPayload, version: number): Promise<void>;
}

/** All that one transaction of this service works with. */
export interface UnitOfWork extends ReceivablesUnitOfWork {
  readonly accounts: Accounts;
  readonly partners: Partners;
  readonly subscriptions: Subscriptions;
  readonly waitingOrders: WaitingOrders;
  readonly scheduledOrders: ScheduledOrders;
  readonly orderOutcomes: OrderOutcomes;
  readonly grants: Grants;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly testClocks: TestClocks;
  readonly testClockTargets: TestClockTargets;
  readonly suspensions: Suspensions;
  readonly reconciliations: Reconciliations;
  readonly setAside: SetAside;
  readonly taxRates: TaxRates;
}

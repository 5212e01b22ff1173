import type { Clock } from '@fulfillment/kernel/domain/clock';
import type {
  BillingSubscriptionPayload,
  PartnerInvoicePostedPayload,
} from '@fulfillment/schema/events/subscriptions';
import type { FulfillmentStepPayload, GrantPayload } from '@fulfillment/schema/events/envelope';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import type { Account } from '../domain/account.js';
import type { Invoice, InvoiceDraft } from '../domain/invoice.js';
import type { BillingSubscription, NewSubscription } from '../domain/subscription.js';

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

export interface Subscriptions {
  /** Stores new subscriptions with their first versions and gives each its number. */
  create(subscriptions: readonly NewSubscription[]): Promise<BillingSubscription[]>;
}

export interface Invoices {
  /** Gives the invoice the next number of its legal entity and stores it for good. Call it late: the numbers queue up. */
  post(draft: InvoiceDraft): Promise<Invoice>;
}

/** Orders whose accounts have not all arrived. */
export interface WaitingOrders {
  keep(order: OrderPayload): Promise<void>;
  /** The orders that wait for an account among others, locked until the transaction ends. */
  lockFor(accountId: string): Promise<OrderPayload[]>;
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
  /** @returns false when the order was decided before: then nothing is to be done */
  record(outcome: OrderOutcome): Promise<boolean>;
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
}

/** All that one transaction of this service works with. */
export interface Work {
  readonly accounts: Accounts;
  readonly subscriptions: Subscriptions;
  readonly invoices: Invoices;
  readonly waitingOrders: WaitingOrders;
  readonly orderOutcomes: OrderOutcomes;
  readonly grants: Grants;
  readonly announcements: Announcements;
  readonly clock: Clock;
}

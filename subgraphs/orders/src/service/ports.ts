import type { Clock, TestClocks } from '@fulfillment/kernel/domain/clock';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type {
  AccountPayload,
  CheckoutPayload,
  ContactPayload,
  FeatureInterestPayload,
  LeadPayload,
  OfferDismissalPayload,
  OfferRulePayload,
  OrderPayload,
  ProductPayload,
  QuotePayload,
} from '@fulfillment/schema/events/orders';
import type { TaxRates } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Account } from '../domain/account/account.js';
import type { StoredProduct } from '../domain/catalog/price-list.js';
import type { Product } from '../domain/catalog/product.js';
import type { Buyer, DeploymentFacts, Payer, SubscriptionFacts } from '../domain/order/facts.js';
import type { Order } from '../domain/order/order.js';
import type { CheckoutStore, SimulatedPaymentStore } from './checkout/ports.js';
import type { ContactStore } from './contacts/ports.js';
import type { KnownDeployment, KnownPartner, KnownSubscription } from './known.js';
import type { LeadReceiver, LeadStore } from './leads/ports.js';
import type { OfferStore } from './offers/ports.js';
import type { QuoteStore } from './quotes/ports.js';

/** What an order is judged by, read as the viewer may see it. */
export interface OrderFactsStore {
  /** The account with all parties of a sale to it; null when the viewer may not buy for it. `at`: when grants must hold. */
  buyer(viewer: Viewer, at: Date, accountId: string): Promise<Buyer | null>;
  /** By id, those of these subscriptions that the viewer may change. */
  subscriptions(
    viewer: Viewer,
    at: Date,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, SubscriptionFacts>>;
  /** By id, those of these accounts that the viewer may see, to give a subscription to. */
  receivers(viewer: Viewer, at: Date, ids: readonly string[]): Promise<ReadonlyMap<string, Payer>>;
  /** What is known of these deployments, whosever they are. */
  deployments(ids: readonly string[]): Promise<ReadonlyMap<string, DeploymentFacts>>;
  products(): Promise<readonly Product[]>;
}

export interface OrderStore {
  /** Never gives a number twice; a number whose order is not kept is missing for good. */
  nextNumber(): Promise<bigint>;
  add(order: Order): Promise<void>;
  /** As it stands, locked until the transaction ends; null when there is none. */
  lock(id: string): Promise<Order | null>;
  /** Writes what was told, and what follows from them: status, reason and version. */
  saveProgress(order: Order): Promise<void>;
}

export interface AccountStore {
  add(account: Account): Promise<void>;
}

export interface CatalogStore {
  /** Until the transaction ends no other process loads a price list. */
  lock(): Promise<void>;
  /** The version of the list that was loaded last, 0 for none. */
  loadedVersion(): Promise<number>;
  products(): Promise<readonly StoredProduct[]>;
  /** Writes products with their prices, and that this version of the list is loaded. */
  store(version: number, products: readonly StoredProduct[]): Promise<void>;
}

export interface GrantStore {
  /** Writes a grant, replacing the earlier one of the same subject and object. Gives its id. */
  put(grant: GrantPayload): Promise<string>;
}

/** What other services have told, and orders needs to decide. */
export interface ProjectionStore {
  putPartner(partner: KnownPartner): Promise<void>;
  putSubscription(subscription: KnownSubscription): Promise<void>;
  putDeployment(deployment: KnownDeployment): Promise<void>;
}

interface Snapshot<Payload> {
  readonly aggregateId: string;
  readonly version: number;
  readonly occurredAt: Date;
  readonly payload: Payload;
}

/** Promises events in the transaction of the use case. */
export interface OrderEvents {
  append(topic: 'orders.account', event: Snapshot<AccountPayload>): Promise<void>;
  append(topic: 'orders.contact', event: Snapshot<ContactPayload>): Promise<void>;
  append(topic: 'orders.order', event: Snapshot<OrderPayload>): Promise<void>;
  append(topic: 'orders.quote', event: Snapshot<QuotePayload>): Promise<void>;
  append(topic: 'orders.checkout', event: Snapshot<CheckoutPayload>): Promise<void>;
  append(topic: 'orders.product', event: Snapshot<ProductPayload>): Promise<void>;
  append(topic: 'orders.offer-rule', event: Snapshot<OfferRulePayload>): Promise<void>;
  append(topic: 'orders.offer-dismissal', event: Snapshot<OfferDismissalPayload>): Promise<void>;
  append(topic: 'orders.feature-interest', event: Snapshot<FeatureInterestPayload>): Promise<void>;
  append(topic: 'orders.lead', event: Snapshot<LeadPayload>): Promise<void>;
  append(topic: 'orders.grant', event: Snapshot<GrantPayload>): Promise<void>;
}

/** A call that may be repeated: whose key, and the input that it was first used with. */
export interface RepeatableCall {
  readonly client: string;
  readonly mutation: string;
  readonly key: string;
  readonly input: unknown;
}

export type OneAnswer<Answer> =
  | { readonly kind: 'ANSWERED'; readonly answer: Answer }
  | { readonly kind: 'REFUSED'; readonly reason: 'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_CONFLICT' };

/** What use cases and handlers work with, inside one transaction. */
export interface UnitOfWork {
  readonly facts: OrderFactsStore;
  readonly orders: OrderStore;
  readonly quotes: QuoteStore;
  readonly checkouts: CheckoutStore;
  readonly simulatedPayments: SimulatedPaymentStore;
  readonly offers: OfferStore;
  readonly leads: LeadStore;
  /** Which receiver takes leads; it is called outside of transactions alone. */
  readonly leadReceiver: Pick<LeadReceiver, 'name'>;
  readonly accounts: AccountStore;
  readonly contacts: ContactStore;
  readonly catalog: CatalogStore;
  readonly grants: GrantStore;
  readonly projections: ProjectionStore;
  readonly events: OrderEvents;
  readonly clock: Clock;
  readonly testClocks: TestClocks;
  readonly taxRates: TaxRates;
  readonly newId: () => string;
  /** Until the transaction ends nobody else orders for these deployments and subscriptions. */
  readonly lockOrdered: (ids: readonly string[]) => Promise<void>;
  /** Does the work once for a key, and gives its answer (plain JSON) to every repetition. */
  readonly answerOnce: <Answer>(
    call: RepeatableCall,
    work: () => Promise<Answer>,
  ) => Promise<OneAnswer<Answer>>;
}

/** Runs work in one transaction: all of it is kept, with its events, or nothing. */
export type RunTransaction = <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>;

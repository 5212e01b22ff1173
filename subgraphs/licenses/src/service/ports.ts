import type { Clock, TestClocks } from '@fulfillment/kernel/domain/clock';
import type { IdempotentAnswer, IdempotentCall } from '@fulfillment/kernel/domain/idempotent-call';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { FulfillmentStepPayload, GrantPayload } from '@fulfillment/schema/events/envelope';
import type { AgreedSubscription } from '../domain/agreed-subscription.js';
import type { Deployment } from '../domain/deployment.js';
import type { EntitlementFacts } from '../domain/entitlements/compute.js';
import type { License } from '../domain/license.js';
import type { Product } from '../domain/product.js';
import type { KeptSeatUse } from '../domain/seats/kept-use.js';
import type { SeatStore } from './seat-ports.js';
import type { LicenseFileStore, SigningKeyStore } from './signing-ports.js';

export interface DeploymentStore {
  /**
   * Registers a deployment unless its id is taken, and keeps its row locked until the transaction ends.
   * @returns the deployment as it stands, which another account may have registered before
   */
  register(deployment: Deployment): Promise<{ readonly deployment: Deployment; readonly isNew: boolean }>;
  /** Gives a deployment its next version, with another name or account. */
  change(deployment: Deployment, to: Pick<Deployment, 'name' | 'accountId'>): Promise<Deployment>;
}

export interface SubscriptionStore {
  /** The version that was taken in last; null when none was. */
  knownVersion(subscriptionId: string): Promise<number | null>;
  /** Writes the newest version; an older one than is there changes nothing. */
  put(subscription: AgreedSubscription): Promise<void>;
}

export interface LicenseStore {
  /** Issues a license once: the second time nothing changes. The subscription's former license points to it. */
  issue(license: License): Promise<void>;
  /** The license of a subscription's newest version; null when it has none. */
  newestOf(subscriptionId: string): Promise<License | null>;
}

export interface ProductStore {
  /** Writes the newest version; an older one than is there changes nothing. */
  put(product: Product): Promise<void>;
}

export interface GrantStore {
  /** Writes a grant, replacing the same subject's and object's earlier one. */
  put(grant: GrantPayload): Promise<void>;
}

/** What licenses tells the other services, in the transaction of the change itself. */
export interface Announcements {
  /** Tells how a deployment stands now. */
  deployment(deployment: Deployment, at: Date): Promise<void>;
  /** Tells how a step of an order went: once for each order, subscription and step, whoever asks again. */
  fulfillmentStep(step: FulfillmentStepPayload): Promise<void>;
  /** Tells how a deployment uses its seats now. */
  seatUsage(
    deployment: Pick<Deployment, 'id' | 'accountId'>,
    use: KeptSeatUse,
    version: number,
    at: Date,
  ): Promise<void>;
}

/** What a use case works with inside one transaction. */
export interface UnitOfWork {
  readonly deployments: DeploymentStore;
  readonly subscriptions: SubscriptionStore;
  readonly licenses: LicenseStore;
  readonly products: ProductStore;
  readonly grants: GrantStore;
  readonly announcements: Announcements;
  readonly signingKeys: SigningKeyStore;
  readonly licenseFiles: LicenseFileStore;
  readonly seats: SeatStore;
  readonly clock: Clock;
  readonly testClocks: TestClocks;
  /** What a viewer may read, with what the transaction has changed. */
  readonly readerFor: (viewer: Viewer, receivedAt: Date) => Reader;
  /** Gives one answer for one key, kept with what the work changes. */
  readonly answerOnce: <Answer>(
    call: IdempotentCall,
    work: () => Promise<Answer>,
  ) => Promise<IdempotentAnswer<Answer>>;
  readonly newId: () => string;
}

/** Runs work in a transaction: its rows and events commit together or not at all. */
export type RunTransaction = <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>;

/** The facts behind one deployment's entitlements, and whose of its subscriptions the viewer may know of. */
export interface DeploymentFacts {
  readonly deployment: Deployment;
  readonly facts: EntitlementFacts;
  /** `ALL` for who may see the account itself; else the subscriptions that were granted one by one. */
  readonly visibleSubscriptions: 'ALL' | ReadonlySet<string>;
}

/**
 * Reads for one viewer: rows that the viewer may not see are missing, like rows that do not exist. Each is a single
 * statement for any number of ids, which are UUIDs in small letters.
 */
export interface Reader {
  readonly deployments: (ids: readonly string[]) => Promise<readonly Deployment[]>;
  /** By kind and external id. */
  readonly deploymentsOfAccounts: (accountIds: readonly string[]) => Promise<readonly Deployment[]>;
  readonly deploymentFacts: (deploymentIds: readonly string[]) => Promise<readonly DeploymentFacts[]>;
  readonly licenses: (ids: readonly string[]) => Promise<readonly License[]>;
  /** The newest first. */
  readonly licensesOfDeployments: (deploymentIds: readonly string[]) => Promise<readonly License[]>;
  /** The newest first. */
  readonly licensesOfSubscriptions: (subscriptionIds: readonly string[]) => Promise<readonly License[]>;
}

import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Clock, TestClocks } from '@fulfillment/kernel/domain/clock';
import type { IdempotentAnswer, IdempotentCall } from '@fulfillment/kernel/domain/idempotent-call';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { FulfillmentStepPayload, GrantPayload } from '@fulfillment/schema/events/envelope';
import type { ActivationCode } from '../domain/activation/activation-code.js';
import type { Instance } from '../domain/activation/instance.js';
import type {
  AllowancePayload,
  AllowanceThresholdPayload,
  DueWorkPayload,
  GraceEndedPayload,
  LicenseDeliveryPayload,
  UsageNoticePayload,
} from '@fulfillment/schema/events/licenses';
import type { AgreedSubscription, SaleParties } from '../domain/agreed-subscription.js';
import type { LicenseDelivery } from '../domain/delivery.js';
import type { Deployment } from '../domain/deployment.js';
import type { UsageNotice } from '../domain/usage-notice.js';
import type { EntitlementFacts } from '../domain/entitlements/compute.js';
import type { License } from '../domain/license.js';
import type { Product } from '../domain/product.js';
import type { KeptSeatUse } from '../domain/seats/kept-use.js';
import type { AddOnOf, AddOnSeatStore } from './add-on-seat-ports.js';
import type { SeatStore } from './seat-ports.js';
import type { ActivationStore } from './activation/ports.js';
import type { ContactStore, DeliveryStore, UsageNoticeStore } from './delivery-ports.js';
import type { LicenseFileStore, SigningKeyStore, UsageReportStore } from './signing-ports.js';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import type { AllowanceStore, EntitlementGrantStore } from './allowance-ports.js';
import type { FeatureUseStore, StoredFeatureUse } from './feature-use-ports.js';
import type { GraceEndStore } from './grace-ports.js';

export interface DeploymentStore {
  /**
   * Registers a deployment unless its id is taken, and keeps its row locked until the transaction ends.
   * @returns the deployment as it stands, which another account may have registered before
   */
  register(deployment: Deployment): Promise<{ readonly deployment: Deployment; readonly isNew: boolean }>;
  /**
   * Gives a deployment its next version, with another name or account.
   * @param at until when it was the former account's
   */
  change(deployment: Deployment, to: Pick<Deployment, 'name' | 'accountId'>, at: Date): Promise<Deployment>;
}

export interface SubscriptionStore {
  /** The version that was taken in last; null when none was. */
  knownVersion(subscriptionId: string): Promise<number | null>;
  /** Writes the newest version; an older one than is there changes nothing. */
  put(subscription: AgreedSubscription, parties: SaleParties): Promise<void>;
}

/** Whose licenses are looked at, and on which day (UTC) their following ones must be there. */
export type ReissueScope =
  /** Everybody who lives by the system's time. */
  | { readonly kind: 'EVERYBODY'; readonly day: LocalDate }
  | { readonly kind: 'ACCOUNT'; readonly accountId: string; readonly day: LocalDate };

/** A license that another year's may follow, and what was agreed. */
export interface FollowedLicense {
  readonly license: License;
  readonly subscription: AgreedSubscription;
}

export interface LicenseStore {
  /**
   * Issues the license of a version once. Those of the subscription's former versions point to it.
   * @returns false when it was issued before: then nothing changes
   */
  issue(license: License): Promise<boolean>;
  /**
   * Issues the license of the year after another one; null for none after all. It is not asked for again.
   * @returns true when it is new
   */
  follow(license: License, next: License | null): Promise<boolean>;
  /**
   * Licenses that another year follows and whose following one is due, the longest due first, with their subscriptions. Both
   * stay locked until the transaction ends; those that others hold are left out.
   */
  dueToFollow(scope: ReissueScope, limit: number): Promise<readonly FollowedLicense[]>;
  /**
   * Takes licenses of everybody who lives by the system's time out of those that are due to be followed by a day, the longest due
   * first, and gives their ids: they are followed in another transaction.
   */
  takeDueToFollow(day: LocalDate, limit: number): Promise<readonly string[]>;
  /** A license and its subscription as it stands, both locked until the transaction ends; null when either is not there. */
  holdWithSubscription(licenseId: string): Promise<FollowedLicense | null>;
  /** The license of a subscription's newest version, of its last year; null when it has none. */
  newestOf(subscriptionId: string): Promise<License | null>;
  /** The licenses of a subscription, the newest version first and of each version the last year first. */
  ofSubscription(subscriptionId: string): Promise<readonly License[]>;
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
  /** Tells how many users have a seat of an add-on. */
  addOnSeats(
    seats: AddOnOf & { readonly accountId: string; readonly assigned: number },
    version: number,
    at: Date,
  ): Promise<void>;
  /** Tells how a deployment uses its seats now. */
  seatUsage(
    deployment: Pick<Deployment, 'id' | 'accountId'>,
    use: KeptSeatUse,
    version: number,
    at: Date,
  ): Promise<void>;
  /** Tells of a license that was issued, once. */
  license(license: License): Promise<void>;
  /** Tells how many of a feature with a limit a deployment uses now. */
  featureUse(accountId: string, use: StoredFeatureUse, at: Date): Promise<void>;
  /** Tells licenses itself that a license is to be sent to whoever uses it. */
  licenseToSend(payload: LicenseDeliveryPayload, at: Date): Promise<void>;
  /** Tells licenses itself that a notice of use is to be sent. */
  noticeToSend(payload: UsageNoticePayload, at: Date): Promise<void>;
  /** Tells licenses itself of something that came due and is to be done by itself. */
  dueWork(payload: DueWorkPayload, at: Date): Promise<void>;
  /** Tells how an allowance stands after its use has changed. */
  allowance(payload: AllowancePayload, at: Date): Promise<void>;
  /** Tells that so much of an allowance was used up: once for each month and threshold, which is the caller's to see to. */
  allowanceThreshold(payload: AllowanceThresholdPayload, at: Date): Promise<void>;
  /** Tells how a grant or an override stands, when it was given and when it was revoked. */
  entitlementGrant(grant: EntitlementGrant, at: Date): Promise<void>;
  /** Tells that a subscription's days of grace are over. */
  graceEnded(payload: GraceEndedPayload, at: Date): Promise<void>;
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
  readonly usageReports: UsageReportStore;
  readonly seats: SeatStore;
  readonly addOnSeats: AddOnSeatStore;
  readonly activations: ActivationStore;
  readonly contacts: ContactStore;
  readonly deliveries: DeliveryStore;
  readonly usageNotices: UsageNoticeStore;
  readonly allowances: AllowanceStore;
  readonly featureUses: FeatureUseStore;
  readonly entitlementGrants: EntitlementGrantStore;
  readonly graceEnds: GraceEndStore;
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

/** What a person gave, as one of the deployments that get it. */
export interface DeploymentGrant {
  readonly deploymentId: string;
  readonly grant: EntitlementGrant;
}

/**
 * Reads for one viewer: rows that the viewer may not see are missing, like rows that do not exist. Each is a single
 * statement for any number of ids, which are UUIDs in small letters.
 */
export interface Reader {
  readonly deployments: (ids: readonly string[]) => Promise<readonly Deployment[]>;
  /** Those that are the viewer's own: what a partner was granted is not. */
  readonly ownDeployments: (ids: readonly string[]) => Promise<readonly Deployment[]>;
  /** By kind and external id. */
  readonly deploymentsOfAccounts: (accountIds: readonly string[]) => Promise<readonly Deployment[]>;
  readonly deploymentFacts: (deploymentIds: readonly string[]) => Promise<readonly DeploymentFacts[]>;
  readonly licenses: (ids: readonly string[]) => Promise<readonly License[]>;
  /** The newest first. */
  readonly licensesOfDeployments: (deploymentIds: readonly string[]) => Promise<readonly License[]>;
  /** The newest first. */
  readonly licensesOfSubscriptions: (subscriptionIds: readonly string[]) => Promise<readonly License[]>;
  /** By the license's id. */
  readonly deliveries: (licenseIds: readonly string[]) => Promise<readonly LicenseDelivery[]>;
  /** The newest of each deployment first, a hundred at the most. */
  readonly usageNotices: (deploymentIds: readonly string[]) => Promise<readonly UsageNotice[]>;
  readonly activationCodes: (ids: readonly string[]) => Promise<readonly OfAccount<ActivationCode>[]>;
  /** The newest first. */
  readonly activationCodesOf: (
    deploymentIds: readonly string[],
  ) => Promise<readonly OfAccount<ActivationCode>[]>;
  readonly instances: (ids: readonly string[]) => Promise<readonly OfAccount<Instance>[]>;
  /** Ended ones too, the one seen last first. */
  readonly instancesOf: (deploymentIds: readonly string[]) => Promise<readonly OfAccount<Instance>[]>;
  readonly entitlementGrants: (ids: readonly string[]) => Promise<readonly EntitlementGrant[]>;
  /** The newest first. */
  readonly grantsOfDeployments: (deploymentIds: readonly string[]) => Promise<readonly DeploymentGrant[]>;
}

/** With the account that runs the deployment now, by whose clock it stands as it does. */
export type OfAccount<Row> = Row & { readonly accountId: string };

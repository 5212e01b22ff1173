import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { AgreedSubscription } from '../domain/agreed-subscription.js';
import type { Deployment } from '../domain/deployment.js';
import type { Products } from '../domain/product.js';
import type { KeptBefore, KeptSeatUse } from '../domain/seats/kept-use.js';
import type { SeatPeak, SeatRecord } from '../domain/seats/seat-record.js';
import type { SeatSample } from '../domain/seats/seat-sample.js';
import type { ToldNotice } from '../domain/usage-notice.js';
import type { SeenBy } from './activation/ports.js';

/** Whose seats they are. */
export type SeatedDeployment = Pick<Deployment, 'id' | 'accountId'>;

/** A sample of a deployment. */
export interface DeploymentSample extends SeatSample {
  readonly deploymentId: string;
}

/** The use that is kept of a deployment, with the number of what was told of it last. */
export interface StoredSeatUse extends Omit<KeptSeatUse, 'term' | 'quarters' | 'days'> {
  readonly deploymentId: string;
  readonly version: number;
}

/** What is known of a deployment's seats, and of what they are held against. */
export interface KnownSeats extends Pick<SeatRecord, 'newest' | 'maxima'> {
  /** All subscriptions that the deployment's own account had for it. */
  readonly subscriptions: readonly AgreedSubscription[];
  /** By a subscription's id the days of its term. */
  readonly days: ReadonlyMap<string, SeatRecord['days']>;
  /** What its account was told of use, and not of more since; by the first day of the term. */
  readonly notices: readonly (ToldNotice & { readonly start: LocalDate })[];
  /** Null when it never reported. */
  readonly kept: KeptBefore | null;
}

/** What is known of the seats of several deployments. */
export interface KnownOfSeats {
  readonly seats: ReadonlyMap<string, KnownSeats>;
  readonly products: Products;
}

/** Seats as they were reported, inside one transaction. Every call is one statement for any number of deployments. */
export interface SeatStore {
  /** Locks the seats of deployments until the transaction ends, in one order, whoever asks; gives whose they are then. */
  hold(deploymentIds: readonly string[]): Promise<readonly SeatedDeployment[]>;
  /** As `hold`, of those that are the viewer's own, and gives them: what a partner was granted is not. */
  holdOwn(deploymentIds: readonly string[], seenBy: SeenBy): Promise<readonly Deployment[]>;
  /**
   * Records samples; what was recorded before changes nothing.
   * @param at when they came in
   */
  add(samples: readonly DeploymentSample[], at: Date): Promise<void>;
  /**
   * As `add`, when the transaction ends, of samples that are each the next of their instance (`isNext`), whose deployment is locked: a
   * statement before that is without them.
   */
  addNext(samples: readonly Omit<DeploymentSample, 'maximum'>[], at: Date): void;
  /** Takes an instance out of use. False when it never reported or is out of use already. */
  endInstance(deploymentId: string, instanceId: string, at: Date): Promise<boolean>;
  /** What is known of deployments; what is kept of their use stays locked until the transaction ends. */
  known(deploymentIds: readonly string[]): Promise<KnownOfSeats>;
  /** The highest counts there ever were, of each deployment that ever reported. */
  highest(deploymentIds: readonly string[]): Promise<ReadonlyMap<string, SeatPeak>>;
  /**
   * Deployments whose use is held against another contract by the clock alone since an instant, a few at a time, without those that
   * another process holds and without accounts on a test clock.
   */
  lockOutdated(since: Date, limit: number): Promise<readonly SeatedDeployment[]>;
  /** As `lockOutdated`, for another transaction to work out: they count as up to date. Gives their ids. */
  takeOutdated(since: Date, limit: number): Promise<readonly string[]>;
  /** As `lockOutdated`, all of one account. */
  lockOutdatedOf(accountId: string, since: Date): Promise<readonly SeatedDeployment[]>;
  /** Keeps the use of deployments, each under its version, when the transaction ends. */
  put(
    uses: readonly { readonly deploymentId: string; readonly use: KeptSeatUse; readonly version: number }[],
  ): void;
}

/** Which days of a deployment's seats are asked for, and as they were known when. */
export interface SeatHistoryFilter {
  readonly from?: LocalDate | null;
  /** The first day that is not asked for. */
  readonly until?: LocalDate | null;
  readonly recordedBy?: Date | null;
}

/** What was reported on one day (UTC). */
export interface SeatUsageDay {
  readonly day: LocalDate;
  readonly members: number;
  readonly withGuests: number;
  /** The billable users of the plan in force now. */
  readonly maximum: number;
  readonly reports: number;
}

export interface SeatsOverFilter {
  readonly minimumOverage: number;
  readonly accountId: string | null;
  readonly planCode: string | null;
}

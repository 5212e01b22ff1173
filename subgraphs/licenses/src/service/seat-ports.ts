import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { AgreedSubscription } from '../domain/agreed-subscription.js';
import type { Deployment } from '../domain/deployment.js';
import type { KeptSeatUse } from '../domain/seats/kept-use.js';
import type { SeatRecord } from '../domain/seats/seat-record.js';
import type { SeatSample } from '../domain/seats/seat-sample.js';
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

/** A use as it was kept just now. */
export interface PutSeatUse extends StoredSeatUse {
  /** True when it is to be told of: it has a new version. */
  readonly isNews: boolean;
  /** As it was kept until then; null when nothing was. */
  readonly before: Pick<StoredSeatUse, 'subscriptionId' | 'used' | 'purchased' | 'maximumSince'> | null;
}

/** What seats of deployments are held against. */
export interface SeatContracts {
  /** All subscriptions that each deployment's own account had for it; an empty list where it had none. */
  readonly subscriptions: ReadonlyMap<string, readonly AgreedSubscription[]>;
  /** The codes of the plans under which guests take no seat. */
  readonly freeGuestPlans: ReadonlySet<string>;
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
   * @returns the deployments of which something is new, and what their seats are held against
   */
  add(samples: readonly DeploymentSample[], at: Date): Promise<SeatContracts>;
  /** Takes an instance out of use. False when it never reported or is out of use already. */
  endInstance(deploymentId: string, instanceId: string, at: Date): Promise<boolean>;
  contracts(deploymentIds: readonly string[]): Promise<SeatContracts>;
  /** What is known of each deployment, with the peaks of the periods that are asked of it. */
  records(periods: ReadonlyMap<string, readonly LocalPeriod[]>): Promise<ReadonlyMap<string, SeatRecord>>;
  /** The use that is kept of each deployment that reported. */
  kept(deploymentIds: readonly string[]): Promise<ReadonlyMap<string, StoredSeatUse>>;
  /**
   * Deployments whose use is held against another contract by the clock alone since an instant, a few at a time, without those that
   * another process holds and without accounts on a test clock.
   */
  lockOutdated(since: Date, limit: number): Promise<readonly SeatedDeployment[]>;
  /** As `lockOutdated`, for another transaction to work out: they count as up to date. Gives their ids. */
  takeOutdated(since: Date, limit: number): Promise<readonly string[]>;
  /** As `lockOutdated`, all of one account. */
  lockOutdatedOf(accountId: string, since: Date): Promise<readonly SeatedDeployment[]>;
  /**
   * Keeps the use of deployments. One that is to be told of gets its next version: each where `tell` is ALWAYS, else those of which
   * others see anything new (`asTold`).
   */
  put(
    uses: ReadonlyMap<string, KeptSeatUse>,
    tell: 'ALWAYS' | 'NEWS',
  ): Promise<ReadonlyMap<string, PutSeatUse>>;
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

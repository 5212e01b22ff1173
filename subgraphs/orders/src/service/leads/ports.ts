import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { AccountSegment } from '../../domain/account/account.js';
import type { LeadCustomer, LeadEvent } from '../../domain/lead/facts.js';
import type { Lead } from '../../domain/lead/lead.js';
import type { LeadStatus } from '../../domain/lead/lifecycle.js';
import type { LeadPolicy } from '../../domain/lead/policy.js';
import type { LeadRegion } from '../../domain/lead/region.js';
import type { LeadPayload } from '@fulfillment/schema/events/orders';
import type { KnownTrial } from '../known.js';

/** A policy as it is stored: each is kept, the newest holds. */
export interface StoredLeadPolicy extends LeadPolicy {
  readonly version: number;
  readonly changedAt: Date;
  readonly changedBy: string;
}

/** A person of an account, as its contacts say. */
export interface LeadContact {
  readonly name: string;
  readonly email: string;
}

/** A version of a lead that a receiver took. */
export interface LeadDelivery {
  readonly version: number;
  readonly receiver: string;
  readonly at: Date;
}

/** Leads of an account: of these deployments, and of those of these subscriptions. */
export interface OpenLeadsOf {
  readonly accountId: string;
  readonly deploymentIds: readonly string[];
  readonly subscriptionIds: readonly string[];
}

export interface LeadStore {
  /** The newest; null before the first start. */
  policy(): Promise<StoredLeadPolicy | null>;
  /** Nobody else sets the policy until the transaction ends. */
  lockPolicy(): Promise<void>;
  addPolicy(policy: StoredLeadPolicy): Promise<void>;
  /** As it stands, locked until the transaction ends; null when there is none. */
  lock(id: string): Promise<Lead | null>;
  /** The newest of a person at a deployment, as it stands, locked until the transaction ends; null when there is none. */
  lockNewest(deploymentId: string, email: string): Promise<Lead | null>;
  /** Those that came in no later than an instant and may still buy, locked until the transaction ends. */
  lockOpen(of: OpenLeadsOf, createdUntil: Date): Promise<readonly Lead[]>;
  /** True when the subscription was a trial by what is known here. */
  isOnTrial(subscriptionId: string): Promise<boolean>;
  /** The subscriptions of an account that are trials by what is known here. */
  trialsOf(accountId: string): Promise<readonly KnownTrial[]>;
  /** Writes the lead as it stands now, and what is added to its history. */
  save(lead: Lead, events: readonly LeadEvent[]): Promise<void>;
  /** True when something of this id was added to a history before. */
  hasEvent(id: string): Promise<boolean>;
  /** The customer of a deployment that the viewer may see (null: whoever asks); null when there is none. */
  customer(
    asking: { readonly viewer: Viewer; readonly at: Date } | null,
    deploymentId: string,
  ): Promise<LeadCustomer | null>;
  /** Whom to write to about a deployment of an account; null when it has no contacts. */
  contact(accountId: string): Promise<LeadContact | null>;
  /** The newest version of a lead that a receiver took; 0 when none was. */
  lastDelivered(leadId: string): Promise<number>;
  addDelivery(leadId: string, delivery: LeadDelivery): Promise<void>;
}

/** Where leads go: a CRM, or whatever listens at a webhook. To be given a version again changes nothing there. */
export interface LeadReceiver {
  readonly name: string;
  /**
   * Hands over a version of a lead.
   * @param at the instant of the system, to be signed with it
   * @throws when it was not taken: the delivery comes again
   */
  deliver(lead: LeadPayload, version: number, at: Date): Promise<void>;
}

/** Conditions on leads; all that are given must hold. */
export interface LeadConditions {
  readonly status?: LeadStatus | null;
  readonly owner?: string | null;
  readonly region?: LeadRegion | null;
  readonly segment?: AccountSegment | null;
  readonly accountId?: string | null;
  readonly deploymentId?: string | null;
  /** Normalized. */
  readonly email?: string | null;
  readonly minimumScore?: number | null;
  readonly createdFrom?: Date | null;
  readonly createdBefore?: Date | null;
}

/** A lead as it is read, with the newest of what happened and of what was delivered. */
export interface ReadLead extends Lead {
  readonly history: readonly LeadEvent[];
  readonly deliveries: readonly LeadDelivery[];
}

import type { AccountSegment } from '../account/account.js';
import type { LeadStatus } from './lifecycle.js';

/** What a person did that makes a lead, or is added to one. */
export interface LeadTouch {
  /** The same touch always has the same id: it is added once. */
  readonly id: string;
  readonly kind: 'SALES_REQUESTED' | 'TRIAL_STARTED';
  readonly at: Date;
  /** The audience and subject of the token, or the service that told of it. */
  readonly by: string;
  readonly message: string | null;
  readonly seats: number | null;
  readonly planCode: string | null;
}

/** Something that happened to a lead; what its kind does not know is null. */
export interface LeadEvent extends Omit<LeadTouch, 'kind'> {
  readonly kind: LeadTouch['kind'] | 'REOPENED' | 'STATUS_CHANGED' | 'OWNER_CHANGED';
  readonly status: LeadStatus | null;
  readonly owner: string | null;
  /** The order by which it was converted. */
  readonly orderId: string | null;
  /** The version of the lead that it made. */
  readonly version: number;
}

/** A person by what it gave of itself. The address is normalized. */
export interface LeadPerson {
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
}

/** What a lead is scored and assigned by, besides what happened: its customer as it is known here. */
export interface LeadCustomer {
  readonly accountId: string;
  readonly accountName: string;
  readonly sandbox: boolean;
  readonly countryCode: string;
  readonly segment: AccountSegment;
  readonly deploymentId: string;
  /** The partner who sells to it, for the deployment. */
  readonly partnerId: string | null;
  /** A locked feature of the deployment was clicked or tried. */
  readonly wantsFeature: boolean;
}

/** What has happened to a lead so far, as far as it counts. */
export interface Happened {
  readonly touches: readonly LeadTouch['kind'][];
  /** The most seats that any of them was about. */
  readonly mostSeats: number | null;
}

import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { AccountSegment } from '../account/account.js';
import type { Purchase } from './conversion.js';
import type { Happened, LeadCustomer, LeadEvent, LeadPerson, LeadTouch } from './facts.js';
import { afterTouch, type LeadStatus } from './lifecycle.js';
import { assigneeOf, type LeadPolicy, type ScoreReason, scoreOf } from './policy.js';
import { type LeadRegion, regionOf } from './region.js';

/** A person at a deployment who may buy. */
export interface Lead extends LeadPerson, Happened {
  readonly id: string;
  /** Counts the leads of one person at one deployment, from 1: after it has bought, the next one begins. */
  readonly number: number;
  /** The order by which it was converted; null for any other, and where somebody said that it bought. */
  readonly orderId: string | null;
  readonly accountId: string;
  readonly deploymentId: string;
  readonly partnerId: string | null;
  readonly status: LeadStatus;
  readonly region: LeadRegion;
  readonly segment: AccountSegment;
  readonly owner: string;
  readonly score: number;
  readonly scoreReasons: readonly ScoreReason[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** From 1, with every change. */
  readonly version: number;
}

/** A lead after something happened, and what is to be added to its history. */
export interface LeadStep {
  readonly lead: Lead;
  readonly events: readonly LeadEvent[];
}

/** There is one lead at a time for each person and deployment. */
export function leadId(deploymentId: string, email: string, number: number): string {
  return number === 1
    ? derivedId('lead', deploymentId, email)
    : derivedId('lead', deploymentId, email, number);
}

/**
 * The lead after a person was heard of: a new one, scored and assigned by the policy; or the one that there is, scored
 * anew, with its owner and what it was called by last. One that had come to nothing is new again; after one that has bought
 * comes the next.
 */
export function touched(
  last: Lead | null,
  person: LeadPerson,
  touch: LeadTouch,
  customer: LeadCustomer,
  policy: LeadPolicy,
): LeadStep {
  const { accountId, deploymentId, partnerId, segment } = customer;
  const before = last?.status === 'CONVERTED' ? null : last;
  const number = before?.number ?? (last?.number ?? 0) + 1;
  const region = regionOf(customer.countryCode);
  const status = before === null ? 'NEW' : afterTouch(before.status);
  const version = (before?.version ?? 0) + 1;
  const happened = withTouch(before, touch);
  const lead: Lead = {
    id: leadId(deploymentId, person.email, number),
    number,
    orderId: null,
    ...person,
    phone: person.phone ?? before?.phone ?? null,
    accountId,
    deploymentId,
    partnerId,
    status,
    region,
    segment,
    owner: before?.owner ?? assigneeOf(policy, { region, segment }),
    ...scoreOf(policy, happened, customer),
    ...happened,
    createdAt: before?.createdAt ?? touch.at,
    updatedAt: touch.at,
    version,
  };
  const isReopened = before !== null && before.status !== status;
  const events = [
    { ...nothing, ...touch, version },
    ...(isReopened ? [eventOf(lead, 'REOPENED', { at: touch.at, by: touch.by, status })] : []),
  ];
  return { lead, events };
}

function withTouch(before: Happened | null, { kind, seats }: LeadTouch): Happened {
  const { touches, mostSeats } = before ?? { touches: [], mostSeats: null };
  return {
    touches: touches.includes(kind) ? touches : [...touches, kind],
    mostSeats: seats === null ? mostSeats : Math.max(seats, mostSeats ?? 0),
  };
}

/** What somebody changes of a lead. */
export interface LeadChange {
  readonly status: LeadStatus | null;
  readonly owner: string | null;
  readonly reason: string | null;
  readonly at: Date;
  readonly by: string;
}

/** The lead after it was moved on or given to somebody else. Whether that is allowed was asked before. */
export function changed(before: Lead, { status, owner, reason: message, at, by }: LeadChange): LeadStep {
  const lead: Lead = {
    ...before,
    status: status ?? before.status,
    owner: owner ?? before.owner,
    updatedAt: at,
    version: before.version + 1,
  };
  const what = { at, by, message };
  const events = [
    ...(lead.status === before.status ? [] : [eventOf(lead, 'STATUS_CHANGED', { ...what, status })]),
    ...(lead.owner === before.owner ? [] : [eventOf(lead, 'OWNER_CHANGED', { ...what, owner })]),
  ];
  return { lead, events };
}

/** The lead after somebody bought for its deployment. */
export function converted(before: Lead, { orderId, at, by }: Purchase): LeadStep {
  const status = 'CONVERTED';
  const lead: Lead = { ...before, status, orderId, updatedAt: at, version: before.version + 1 };
  return { lead, events: [eventOf(lead, 'STATUS_CHANGED', { at, by, status, orderId })] };
}

const nothing = { message: null, seats: null, planCode: null, status: null, owner: null, orderId: null };

function eventOf(
  { id: leadOf, version }: Lead,
  kind: LeadEvent['kind'],
  what: Pick<LeadEvent, 'at' | 'by'> & Partial<LeadEvent>,
): LeadEvent {
  return { ...nothing, id: derivedId('lead-event', leadOf, version, kind), kind, version, ...what };
}

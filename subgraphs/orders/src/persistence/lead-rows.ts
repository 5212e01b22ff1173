import type { AccountSegment } from '../domain/account/account.js';
import type { LeadEvent } from '../domain/lead/facts.js';
import type { Lead } from '../domain/lead/lead.js';
import type { LeadStatus } from '../domain/lead/lifecycle.js';
import type { ScoreReason } from '../domain/lead/policy.js';
import type { LeadRegion } from '../domain/lead/region.js';
import type { LeadDelivery, ReadLead, StoredLeadPolicy } from '../service/leads/ports.js';
import type { LeadEventRow, LeadPolicyRow, LeadRow } from './lead-entities.js';

/** A lead as `lead.*` reads it. */
export interface LeadRecord {
  id: string;
  number: number;
  order_id: string | null;
  account_id: string;
  deployment_id: string;
  partner_id: string | null;
  email: string;
  name: string;
  phone: string | null;
  status: LeadStatus;
  region: LeadRegion;
  segment: AccountSegment;
  owner: string;
  score: number;
  score_reasons: ScoreReason[];
  touches: Lead['touches'];
  most_seats: number | null;
  created_at: Date;
  updated_at: Date;
  version: number;
}

/** With what `leadDetails` adds. */
export interface ReadLeadRecord extends LeadRecord {
  history: (Omit<LeadEvent, 'at'> & { at: string })[];
  deliveries: (Omit<LeadDelivery, 'at'> & { at: string })[];
}

export interface LeadPolicyRecord {
  version: number;
  scoring: StoredLeadPolicy['scoring'];
  assignment: StoredLeadPolicy['assignment'];
  default_owner: string;
  changed_at: Date;
  changed_by: string;
}

export function leadFromRow(row: LeadRecord): Lead {
  const { id, number, email, name, phone, status, region, segment, owner, score, touches, version } = row;
  return {
    id,
    number,
    email,
    name,
    phone,
    status,
    region,
    segment,
    owner,
    score,
    touches,
    version,
    orderId: row.order_id,
    accountId: row.account_id,
    deploymentId: row.deployment_id,
    partnerId: row.partner_id,
    scoreReasons: row.score_reasons,
    mostSeats: row.most_seats,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function readLeadFromRow(row: ReadLeadRecord): ReadLead {
  return {
    ...leadFromRow(row),
    history: row.history.map((event) => ({ ...event, at: new Date(event.at) })),
    deliveries: row.deliveries.map((delivery) => ({ ...delivery, at: new Date(delivery.at) })),
  };
}

export function leadToRow({ scoreReasons, touches, ...lead }: Lead): LeadRow {
  return { ...lead, scoreReasons: [...scoreReasons], touches: [...touches] };
}

export function leadEventToRow(leadId: string, event: LeadEvent): LeadEventRow {
  return { leadId, ...event };
}

export function leadPolicyFromRow(row: LeadPolicyRecord): StoredLeadPolicy {
  const { version, scoring, assignment } = row;
  const { default_owner: defaultOwner, changed_at: changedAt, changed_by: changedBy } = row;
  return { version, scoring, assignment, defaultOwner, changedAt, changedBy };
}

export function leadPolicyToRow({ scoring, assignment, ...policy }: StoredLeadPolicy): LeadPolicyRow {
  return { ...policy, scoring: [...scoring], assignment: [...assignment] };
}

import { EntitySchema } from 'typeorm';
import { reference } from './foreign-key.js';

/** The rows of leads, as `lead-rows.ts` makes and reads them. */

export interface LeadRow {
  id: string;
  number: number;
  orderId: string | null;
  accountId: string;
  deploymentId: string;
  partnerId: string | null;
  email: string;
  name: string;
  phone: string | null;
  status: string;
  region: string;
  segment: string;
  owner: string;
  score: number;
  scoreReasons: object;
  touches: object;
  mostSeats: number | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

export const leadEntity = new EntitySchema<LeadRow>({
  name: 'Lead',
  tableName: 'lead',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'integer' },
    orderId: { type: 'uuid', name: 'order_id', nullable: true },
    accountId: { type: 'uuid', name: 'account_id' },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    partnerId: { type: 'uuid', name: 'partner_id', nullable: true },
    email: { type: 'text' },
    name: { type: 'text' },
    phone: { type: 'text', nullable: true },
    status: { type: 'text' },
    region: { type: 'text' },
    segment: { type: 'text' },
    owner: { type: 'text' },
    score: { type: 'integer' },
    scoreReasons: { type: 'jsonb', name: 'score_reasons' },
    touches: { type: 'jsonb' },
    mostSeats: { type: 'integer', name: 'most_seats', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    version: { type: 'integer' },
  },
  indices: [
    { name: 'lead_person', columns: ['email', 'deploymentId', 'number'], unique: true },
    { name: 'lead_by_score', columns: ['score', 'id'] },
    { name: 'lead_by_age', columns: ['createdAt', 'id'] },
    { name: 'lead_by_change', columns: ['updatedAt', 'id'] },
    { name: 'lead_by_account', columns: ['accountId'] },
  ],
  foreignKeys: [
    reference('lead_account', 'Account', 'accountId'),
    reference('lead_order', 'Order', 'orderId'),
  ],
});

export interface LeadEventRow {
  id: string;
  leadId: string;
  version: number;
  kind: string;
  at: Date;
  by: string;
  message: string | null;
  seats: number | null;
  planCode: string | null;
  status: string | null;
  owner: string | null;
  orderId: string | null;
}

/** What happened to a lead; never changed. */
export const leadEventEntity = new EntitySchema<LeadEventRow>({
  name: 'LeadEvent',
  tableName: 'lead_event',
  columns: {
    id: { type: 'uuid', primary: true },
    leadId: { type: 'uuid', name: 'lead_id' },
    version: { type: 'integer' },
    kind: { type: 'text' },
    at: { type: 'timestamptz' },
    by: { type: 'text' },
    message: { type: 'text', nullable: true },
    seats: { type: 'integer', nullable: true },
    planCode: { type: 'text', name: 'plan_code', nullable: true },
    status: { type: 'text', nullable: true },
    owner: { type: 'text', nullable: true },
    orderId: { type: 'uuid', name: 'order_id', nullable: true },
  },
  indices: [{ name: 'lead_event_place', columns: ['leadId', 'version', 'kind'], unique: true }],
  foreignKeys: [reference('lead_event_lead', 'Lead', 'leadId')],
});

export interface LeadDeliveryRow {
  leadId: string;
  version: number;
  receiver: string;
  at: Date;
}

/** The versions that a receiver took. */
export const leadDeliveryEntity = new EntitySchema<LeadDeliveryRow>({
  name: 'LeadDelivery',
  tableName: 'lead_delivery',
  columns: {
    leadId: { type: 'uuid', name: 'lead_id', primary: true },
    version: { type: 'integer', primary: true },
    receiver: { type: 'text' },
    at: { type: 'timestamptz' },
  },
  foreignKeys: [reference('lead_delivery_lead', 'Lead', 'leadId')],
});

export interface LeadPolicyRow {
  version: number;
  scoring: object;
  assignment: object;
  defaultOwner: string;
  changedAt: Date;
  changedBy: string;
}

/** Every policy that was ever set; the newest holds. */
export const leadPolicyEntity = new EntitySchema<LeadPolicyRow>({
  name: 'LeadPolicy',
  tableName: 'lead_policy',
  columns: {
    version: { type: 'integer', primary: true },
    scoring: { type: 'jsonb' },
    assignment: { type: 'jsonb' },
    defaultOwner: { type: 'text', name: 'default_owner' },
    changedAt: { type: 'timestamptz', name: 'changed_at' },
    changedBy: { type: 'text', name: 'changed_by' },
  },
});

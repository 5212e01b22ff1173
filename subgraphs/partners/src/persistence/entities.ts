import { EntitySchema } from 'typeorm';

export interface PartnerRow {
  id: string;
  name: string;
  kind: 'DISTRIBUTOR' | 'RESELLER';
  contactEmail: string;
  accountId: string;
  distributorId: string | null;
  timeZone: string;
  registeredAt: Date;
  version: number;
}

export const partnerEntity = new EntitySchema<PartnerRow>({
  name: 'Partner',
  tableName: 'partner',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    kind: { type: 'text' },
    contactEmail: { type: 'text', name: 'contact_email' },
    accountId: { type: 'uuid', name: 'account_id' },
    distributorId: { type: 'uuid', name: 'distributor_id', nullable: true },
    timeZone: { type: 'text', name: 'time_zone' },
    registeredAt: { type: 'timestamptz', name: 'registered_at' },
    version: { type: 'integer' },
  },
  uniques: [{ name: 'partner_account', columns: ['accountId'] }],
  indices: [
    { name: 'partner_by_name', columns: ['name', 'id'] },
    { name: 'partner_by_distributor', columns: ['distributorId'] },
  ],
  checks: [
    {
      name: 'partner_tier',
      expression: `kind = 'RESELLER' OR (kind = 'DISTRIBUTOR' AND distributor_id IS NULL)`,
    },
  ],
  foreignKeys: [
    {
      name: 'partner_distributor',
      target: 'Partner',
      columnNames: ['distributorId'],
      referencedColumnNames: ['id'],
    },
  ],
});

export interface PartnerAgreementRow {
  id: string;
  partnerId: string;
  startDate: string;
  endDate: string;
  commissionRatePercent: string;
}

export const partnerAgreementEntity = new EntitySchema<PartnerAgreementRow>({
  name: 'PartnerAgreement',
  tableName: 'partner_agreement',
  columns: {
    id: { type: 'uuid', primary: true },
    partnerId: { type: 'uuid', name: 'partner_id' },
    startDate: { type: 'date', name: 'start_date' },
    endDate: { type: 'date', name: 'end_date' },
    commissionRatePercent: { type: 'numeric', name: 'commission_rate_percent' },
  },
  uniques: [{ name: 'partner_agreement_start', columns: ['partnerId', 'startDate'] }],
  checks: [{ name: 'partner_agreement_days', expression: 'start_date < end_date' }],
  foreignKeys: [
    {
      name: 'partner_agreement_partner',
      target: 'Partner',
      columnNames: ['partnerId'],
      referencedColumnNames: ['id'],
    },
  ],
});

export interface CustomerRelationshipRow {
  id: string;
  partnerId: string;
  accountId: string;
  since: string;
  until: string | null;
  version: number;
}

export const customerRelationshipEntity = new EntitySchema<CustomerRelationshipRow>({
  name: 'CustomerRelationship',
  tableName: 'customer_relationship',
  columns: {
    id: { type: 'uuid', primary: true },
    partnerId: { type: 'uuid', name: 'partner_id' },
    accountId: { type: 'uuid', name: 'account_id' },
    since: { type: 'date' },
    until: { type: 'date', nullable: true },
    version: { type: 'integer' },
  },
  uniques: [{ name: 'customer_relationship_start', columns: ['accountId', 'partnerId', 'since'] }],
  indices: [{ name: 'customer_relationship_by_partner', columns: ['partnerId', 'since', 'id'] }],
  checks: [{ name: 'customer_relationship_days', expression: 'since < until' }],
  foreignKeys: [
    {
      name: 'customer_relationship_partner',
      target: 'Partner',
      columnNames: ['partnerId'],
      referencedColumnNames: ['id'],
    },
  ],
});

export interface CommissionRow {
  id: string;
  partnerId: string;
  orderId: string | null;
  invoiceId: string;
  reversesInvoiceId: string | null;
  currency: string;
  baseMinor: string;
  ratePercent: string;
  amountMinor: string;
  earnedAt: Date;
}

/** What partners earned: a document, a partner and what it takes back make the id, so nothing is earned twice. */
export const commissionEntity = new EntitySchema<CommissionRow>({
  name: 'Commission',
  tableName: 'commission',
  columns: {
    id: { type: 'uuid', primary: true },
    partnerId: { type: 'uuid', name: 'partner_id' },
    orderId: { type: 'uuid', name: 'order_id', nullable: true },
    invoiceId: { type: 'uuid', name: 'invoice_id' },
    reversesInvoiceId: { type: 'uuid', name: 'reverses_invoice_id', nullable: true },
    currency: { type: 'text' },
    baseMinor: { type: 'bigint', name: 'base_minor' },
    ratePercent: { type: 'numeric', name: 'rate_percent' },
    amountMinor: { type: 'bigint', name: 'amount_minor' },
    earnedAt: { type: 'timestamptz', name: 'earned_at' },
  },
  indices: [
    { name: 'commission_by_partner', columns: ['partnerId', 'earnedAt', 'id'] },
    { name: 'commission_by_order', columns: ['orderId'] },
    { name: 'commission_by_invoice', columns: ['invoiceId'] },
    { name: 'commission_by_reversed', columns: ['reversesInvoiceId'] },
  ],
  foreignKeys: [
    {
      name: 'commission_partner',
      target: 'Partner',
      columnNames: ['partnerId'],
      referencedColumnNames: ['id'],
    },
  ],
});

/** The tables of this service, besides the kernel's. */
export const partnersEntities = [
  partnerEntity,
  partnerAgreementEntity,
  customerRelationshipEntity,
  commissionEntity,
] as EntitySchema[];

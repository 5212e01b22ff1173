import { EntitySchema } from 'typeorm';

export interface ContactRow {
  id: string;
  version: number;
  accountId: string;
  name: string;
  email: string;
}

/** Projection of the people who receive licenses: contacts of the role SOLD_TO, and no others. */
export const contactEntity = new EntitySchema<ContactRow>({
  name: 'Contact',
  tableName: 'contact',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'integer' },
    accountId: { type: 'uuid', name: 'account_id' },
    name: { type: 'text' },
    email: { type: 'text' },
  },
  indices: [{ name: 'contact_by_account', columns: ['accountId'] }],
});

export interface KnownAddressRow {
  contactId: string;
  version: number;
  accountId: string;
  addressId: string;
}

/** Projection of the addresses of all contacts, whatever they are written to about: to be told apart, not to be read. */
export const knownAddressEntity = new EntitySchema<KnownAddressRow>({
  name: 'KnownAddress',
  tableName: 'known_address',
  columns: {
    contactId: { type: 'uuid', name: 'contact_id', primary: true },
    version: { type: 'integer' },
    accountId: { type: 'uuid', name: 'account_id' },
    addressId: { type: 'uuid', name: 'address_id' },
  },
  indices: [{ name: 'known_address_by_account', columns: ['accountId'] }],
});

export interface KnownPartnerRow {
  id: string;
  version: number;
  accountId: string;
  addressId: string;
}

/** Projection of partners: whose account each pays with, and its own address, not to be read. */
export const knownPartnerEntity = new EntitySchema<KnownPartnerRow>({
  name: 'KnownPartner',
  tableName: 'known_partner',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'integer' },
    accountId: { type: 'uuid', name: 'account_id' },
    addressId: { type: 'uuid', name: 'address_id' },
  },
});

export interface LicenseDeliveryRow {
  licenseId: string;
  accountId: string;
  state: string;
  attempts: number;
  lastError: string | null;
  sentAt: Date | null;
  sentTo: string[];
}

/** How the sending of each license to its sold-to account stands. */
export const licenseDeliveryEntity = new EntitySchema<LicenseDeliveryRow>({
  name: 'LicenseDelivery',
  tableName: 'license_delivery',
  columns: {
    licenseId: { type: 'uuid', name: 'license_id', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
    state: { type: 'text' },
    attempts: { type: 'integer' },
    lastError: { type: 'text', name: 'last_error', nullable: true },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
    sentTo: { type: 'text', name: 'sent_to', array: true },
  },
  indices: [{ name: 'license_delivery_waiting', columns: ['accountId'], where: "state = 'PENDING'" }],
  foreignKeys: [
    {
      name: 'license_delivery_license',
      target: 'License',
      columnNames: ['licenseId'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [{ name: 'license_delivery_sent', expression: "(state = 'SENT') = (sent_at IS NOT NULL)" }],
});

export interface UsageNoticeRow {
  id: string;
  deploymentId: string;
  accountId: string;
  kind: string;
  featureKey: string;
  featureName: string;
  periodStart: string;
  periodEnd: string;
  percent: number;
  /** Bigints, which arrive as text. */
  used: string;
  available: string;
  reachedAt: Date;
  state: string;
  attempts: number;
  lastError: string | null;
  sentAt: Date | null;
  sentTo: string[];
}

/** Who was told that so much is used, and how the sending of it stands. Of seats the feature is empty. */
export const usageNoticeEntity = new EntitySchema<UsageNoticeRow>({
  name: 'UsageNotice',
  tableName: 'usage_notice',
  columns: {
    id: { type: 'uuid', primary: true },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    accountId: { type: 'uuid', name: 'account_id' },
    kind: { type: 'text' },
    featureKey: { type: 'text', name: 'feature_key' },
    featureName: { type: 'text', name: 'feature_name' },
    periodStart: { type: 'date', name: 'period_start' },
    periodEnd: { type: 'date', name: 'period_end' },
    percent: { type: 'integer' },
    used: { type: 'bigint' },
    available: { type: 'bigint' },
    reachedAt: { type: 'timestamptz', name: 'reached_at' },
    state: { type: 'text' },
    attempts: { type: 'integer' },
    lastError: { type: 'text', name: 'last_error', nullable: true },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
    sentTo: { type: 'text', name: 'sent_to', array: true },
  },
  indices: [
    {
      name: 'usage_notice_subject',
      columns: ['deploymentId', 'accountId', 'kind', 'featureKey', 'periodStart', 'percent', 'available'],
      unique: true,
    },
    { name: 'usage_notice_waiting', columns: ['accountId'], where: "state = 'PENDING'" },
  ],
  foreignKeys: [
    {
      name: 'usage_notice_deployment',
      target: 'Deployment',
      columnNames: ['deploymentId'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [{ name: 'usage_notice_sent', expression: "(state = 'SENT') = (sent_at IS NOT NULL)" }],
});

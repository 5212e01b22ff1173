import { EntitySchema } from 'typeorm';
import { reference } from './foreign-key.js';

/** Every table's rows, as the mapping files make and read them. Columns are described where the domain type is. */

export interface AccountRow {
  id: string;
  name: string;
  countryCode: string;
  billingTimeZone: string;
  currency: string;
  segment: string;
  legalEntityCode: string;
  paymentTermsDays: number;
  sandbox: boolean;
  createdAt: Date;
  version: number;
}

export const accountEntity = new EntitySchema<AccountRow>({
  name: 'Account',
  tableName: 'account',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    countryCode: { type: 'text', name: 'country_code' },
    billingTimeZone: { type: 'text', name: 'billing_time_zone' },
    currency: { type: 'text' },
    segment: { type: 'text' },
    legalEntityCode: { type: 'text', name: 'legal_entity_code' },
    paymentTermsDays: { type: 'integer', name: 'payment_terms_days' },
    sandbox: { type: 'boolean' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    version: { type: 'integer' },
  },
  indices: [
    { name: 'account_by_name', columns: ['name', 'id'] },
    { name: 'account_by_age', columns: ['createdAt', 'id'] },
  ],
});

export interface ContactRow {
  id: string;
  accountId: string;
  name: string;
  email: string;
  role: string;
  language: string;
  version: number;
  since: Date;
  until: Date | null;
  setBy: string;
}

/** Who was written to at an account, version by version; a row is written once, and its end once. */
export const contactEntity = new EntitySchema<ContactRow>({
  name: 'Contact',
  tableName: 'contact',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
    name: { type: 'text' },
    email: { type: 'text' },
    role: { type: 'text' },
    language: { type: 'text' },
    version: { type: 'integer', primary: true },
    since: { type: 'timestamptz' },
    until: { type: 'timestamptz', nullable: true },
    setBy: { type: 'text', name: 'set_by' },
  },
  indices: [
    { name: 'contact_by_account', columns: ['accountId', 'role', 'version'] },
    { name: 'contact_now', columns: ['accountId', 'role'], unique: true, where: 'until IS NULL' },
  ],
  foreignKeys: [reference('contact_account', 'Account', 'accountId')],
});

/** The versions of the price list that were loaded. */
export const priceListEntity = new EntitySchema<{ version: number; loadedAt: Date }>({
  name: 'PriceList',
  tableName: 'price_list',
  columns: {
    version: { type: 'integer', primary: true },
    loadedAt: { type: 'timestamptz', name: 'loaded_at', default: () => 'now()' },
  },
});

export interface ProductRow {
  code: string;
  name: string;
  kind: string;
  description: string;
  rank: number | null;
  minimumQuantity: number;
  deploymentKinds: object;
  orderable: boolean;
  features: object;
  version: number;
}

export const productEntity = new EntitySchema<ProductRow>({
  name: 'Product',
  tableName: 'product',
  columns: {
    code: { type: 'text', primary: true },
    name: { type: 'text' },
    kind: { type: 'text' },
    description: { type: 'text' },
    rank: { type: 'integer', nullable: true },
    minimumQuantity: { type: 'integer', name: 'minimum_quantity' },
    deploymentKinds: { type: 'jsonb', name: 'deployment_kinds' },
    orderable: { type: 'boolean' },
    features: { type: 'jsonb' },
    version: { type: 'integer' },
  },
});

export interface PriceRow {
  id: string;
  productCode: string;
  position: number;
  unitPrice: string;
  currency: string;
  unit: string;
  unitSize: number;
  pricePeriod: string;
  billingPeriod: string;
  validFrom: string;
  validUntil: string | null;
  source: string;
}

export const priceEntity = new EntitySchema<PriceRow>({
  name: 'Price',
  tableName: 'price',
  columns: {
    id: { type: 'uuid', primary: true },
    productCode: { type: 'text', name: 'product_code' },
    position: { type: 'integer' },
    unitPrice: { type: 'text', name: 'unit_price' },
    currency: { type: 'text' },
    unit: { type: 'text' },
    unitSize: { type: 'integer', name: 'unit_size' },
    pricePeriod: { type: 'text', name: 'price_period' },
    billingPeriod: { type: 'text', name: 'billing_period' },
    validFrom: { type: 'date', name: 'valid_from' },
    validUntil: { type: 'date', name: 'valid_until', nullable: true },
    source: { type: 'text' },
  },
  indices: [{ name: 'price_by_product', columns: ['productCode'] }],
  foreignKeys: [
    {
      name: 'price_product',
      target: 'Product',
      columnNames: ['productCode'],
      referencedColumnNames: ['code'],
    },
  ],
});

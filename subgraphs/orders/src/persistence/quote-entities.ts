import { EntitySchema } from 'typeorm';
import { reference } from './foreign-key.js';
import type { FrozenDraftJson } from './frozen-draft-json.js';

/** The rows of a quote, as `quote-rows.ts` makes and reads them. */

export interface QuoteRow {
  id: string;
  firstRevisionId: string;
  number: string;
  revision: number;
  state: string;
  accountId: string;
  invoiceOwnerAccountId: string;
  partnerId: string | null;
  distributorId: string | null;
  sellerId: string | null;
  maker: string;
  purchaseOrderNumber: string | null;
  /** What was asked for besides, in the form of the domain. */
  request: object;
  draft: FrozenDraftJson;
  validUntil: string;
  expiresAt: Date;
  needsApproval: boolean;
  createdAt: Date;
  createdBy: string;
  orderId: string | null;
}

/** One row a revision. Of what it says, its state and the order that it became are all that is ever written again. */
export const quoteEntity = new EntitySchema<QuoteRow>({
  name: 'Quote',
  tableName: 'quote',
  columns: {
    id: { type: 'uuid', primary: true },
    firstRevisionId: { type: 'uuid', name: 'first_revision_id' },
    number: { type: 'text' },
    revision: { type: 'integer' },
    state: { type: 'text' },
    accountId: { type: 'uuid', name: 'account_id' },
    invoiceOwnerAccountId: { type: 'uuid', name: 'invoice_owner_account_id' },
    partnerId: { type: 'uuid', name: 'partner_id', nullable: true },
    distributorId: { type: 'uuid', name: 'distributor_id', nullable: true },
    sellerId: { type: 'uuid', name: 'seller_id', nullable: true },
    maker: { type: 'text' },
    purchaseOrderNumber: { type: 'text', name: 'purchase_order_number', nullable: true },
    request: { type: 'jsonb' },
    draft: { type: 'jsonb' },
    validUntil: { type: 'date', name: 'valid_until' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    needsApproval: { type: 'boolean', name: 'needs_approval' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    createdBy: { type: 'text', name: 'created_by' },
    orderId: { type: 'uuid', name: 'order_id', nullable: true },
  },
  indices: [
    { name: 'quote_number_revision', columns: ['number', 'revision'], unique: true },
    { name: 'quote_revisions', columns: ['firstRevisionId', 'revision'], unique: true },
    { name: 'quote_order', columns: ['orderId'], unique: true },
    { name: 'quote_by_age', columns: ['createdAt', 'id'] },
    { name: 'quote_by_end', columns: ['validUntil', 'id'] },
    { name: 'quote_by_account', columns: ['accountId', 'createdAt', 'id'] },
    { name: 'quote_by_purchase_order_number', columns: ['purchaseOrderNumber'] },
  ],
  foreignKeys: [
    reference('quote_account', 'Account', 'accountId'),
    reference('quote_invoice_owner', 'Account', 'invoiceOwnerAccountId'),
    reference('quote_became', 'Order', 'orderId'),
  ],
});

export interface QuoteEventRow {
  quoteId: string;
  /** From 1, in the order in which the steps were taken. */
  position: number;
  step: string;
  at: Date;
  by: string;
  reason: string | null;
}

/** The steps that were taken, each once at the most; never changed. */
export const quoteEventEntity = new EntitySchema<QuoteEventRow>({
  name: 'QuoteEvent',
  tableName: 'quote_event',
  columns: {
    quoteId: { type: 'uuid', name: 'quote_id', primary: true },
    position: { type: 'integer', primary: true },
    step: { type: 'text' },
    at: { type: 'timestamptz' },
    by: { type: 'text' },
    reason: { type: 'text', nullable: true },
  },
  indices: [{ name: 'quote_event_once', columns: ['quoteId', 'step'], unique: true }],
  foreignKeys: [reference('quote_event_quote', 'Quote', 'quoteId')],
});

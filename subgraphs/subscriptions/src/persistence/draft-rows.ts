import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { EntitySchema } from 'typeorm';
import type { KeptDraft } from '../domain/receivables/kept-draft.js';
import { storedCurrency } from './account-mapping.js';
import { fromLineColumns, toLineColumns } from './invoice-line-mapping.js';
import type { LineColumns } from './ledger-rows.js';

export interface InvoiceDraftRow {
  id: string;
  subscription_id: string;
  legal_entity_code: string;
  invoice_owner_account_id: string;
  partner_id: string | null;
  currency: string;
  /** The part of the total that is tax. */
  tax_minor: string;
  total_minor: string;
  fell_due_on: string;
  lines: LineColumns[];
  drafted_at: Date;
  /** When it is posted by itself, or made anew when it was thrown away. */
  posts_at: Date;
  discarded_by: string | null;
}

export interface InvoiceReviewRow {
  scope: string;
  scope_id: string;
  days: number;
  set_by: string;
  set_at: Date;
}

/** Invoices of billing runs that are not posted yet: a draft is moved to the invoices when it is. */
export const invoiceDraftEntity = new EntitySchema<InvoiceDraftRow>({
  name: 'InvoiceDraft',
  tableName: 'invoice_draft',
  columns: {
    id: { type: 'uuid', primary: true },
    subscription_id: { type: 'uuid' },
    legal_entity_code: { type: 'text' },
    invoice_owner_account_id: { type: 'uuid' },
    partner_id: { type: 'uuid', nullable: true },
    currency: { type: 'text' },
    tax_minor: { type: 'bigint' },
    total_minor: { type: 'bigint' },
    fell_due_on: { type: 'date' },
    lines: { type: 'jsonb' },
    drafted_at: { type: 'timestamptz' },
    posts_at: { type: 'timestamptz' },
    discarded_by: { type: 'text', nullable: true },
  },
  indices: [
    { name: 'invoice_draft_posts_at', columns: ['posts_at'] },
    { name: 'invoice_draft_subscription', columns: ['subscription_id'] },
    { name: 'invoice_draft_owner', columns: ['invoice_owner_account_id'] },
  ],
});

/** For how many days invoices of billing runs are looked at before they are posted. */
export const invoiceReviewEntity = new EntitySchema<InvoiceReviewRow>({
  name: 'InvoiceReview',
  tableName: 'invoice_review',
  columns: {
    scope: { type: 'text', primary: true },
    scope_id: { type: 'text', primary: true },
    days: { type: 'integer' },
    set_by: { type: 'text' },
    set_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'invoice_review_days', expression: '"days" >= 0' }],
});

export const draftEntities = [invoiceDraftEntity, invoiceReviewEntity];

/** A draft as a row, its lines as JSON. */
export function toDraftRow(draft: KeptDraft): InvoiceDraftRow {
  return {
    id: draft.id,
    subscription_id: draft.subscriptionId,
    legal_entity_code: draft.legalEntityCode,
    invoice_owner_account_id: draft.invoiceOwnerAccountId,
    partner_id: draft.partnerId,
    currency: draft.currency,
    tax_minor: draft.tax.minor.toString(),
    total_minor: draft.total.minor.toString(),
    fell_due_on: draft.fellDueOn,
    lines: draft.lines.map(toLineColumns),
    drafted_at: draft.draftedAt,
    posts_at: draft.postsAt,
    discarded_by: null,
  };
}

/** The draft that a row holds. */
export function fromDraftRow(row: InvoiceDraftRow): KeptDraft {
  const currency = storedCurrency(row.currency);
  const [tax, total] = [BigInt(row.tax_minor), BigInt(row.total_minor)];
  return {
    id: row.id,
    subscriptionId: row.subscription_id,
    legalEntityCode: row.legal_entity_code,
    invoiceOwnerAccountId: row.invoice_owner_account_id,
    partnerId: row.partner_id,
    currency,
    net: money(total - tax, currency),
    tax: money(tax, currency),
    total: money(total, currency),
    fellDueOn: localDate(row.fell_due_on),
    lines: row.lines.map((line) => fromLineColumns(line, currency)),
    draftedAt: row.drafted_at,
    postsAt: row.posts_at,
  };
}

import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { QuoteState } from '../domain/quote/lifecycle.js';
import type { Quote, QuotedRequest, QuoteEvent, QuoteMaker } from '../domain/quote/quote.js';
import { type FrozenDraftJson, frozenDraftFromJson, frozenDraftToJson } from './frozen-draft-json.js';
import type { QuoteEventRow, QuoteRow } from './quote-entities.js';

/** A quote with its steps as `quote.*` and `quoteDetails` read it. */
export interface QuoteRecord {
  id: string;
  first_revision_id: string;
  number: string;
  revision: number;
  state: QuoteState;
  account_id: string;
  invoice_owner_account_id: string;
  partner_id: string | null;
  distributor_id: string | null;
  seller_id: string | null;
  maker: QuoteMaker;
  purchase_order_number: string | null;
  request: Omit<QuotedRequest, 'purchaseOrderNumber'>;
  draft: FrozenDraftJson;
  valid_until: LocalDate;
  expires_at: Date;
  needs_approval: boolean;
  created_at: Date;
  created_by: string;
  order_id: string | null;
  events: EventRecord[];
}

type EventRecord = Omit<QuoteEvent, 'at'> & { at: string };

export function quoteFromRow(row: QuoteRecord): Quote {
  const { id, number, revision, state, maker } = row;
  return {
    id,
    firstRevisionId: row.first_revision_id,
    number,
    revision,
    state,
    accountId: row.account_id,
    invoiceOwnerAccountId: row.invoice_owner_account_id,
    partnerId: row.partner_id,
    distributorId: row.distributor_id,
    sellerId: row.seller_id,
    maker,
    request: { ...row.request, purchaseOrderNumber: row.purchase_order_number },
    draft: frozenDraftFromJson(row.draft),
    validUntil: row.valid_until,
    expiresAt: row.expires_at,
    needsApproval: row.needs_approval,
    createdAt: row.created_at,
    createdBy: row.created_by,
    events: row.events.map((event) => ({ ...event, at: new Date(event.at) })),
    orderId: row.order_id,
  };
}

export function quoteToRow(quote: Quote): QuoteRow {
  const { events: _, request, draft, ...facts } = quote;
  const { purchaseOrderNumber = null, ...asked } = request;
  return { ...facts, purchaseOrderNumber, request: asked, draft: frozenDraftToJson(draft) };
}

/** The newest step of a quote; null when none was taken. */
export function newestEventToRow({ id: quoteId, events }: Quote): QuoteEventRow | null {
  const event = events.at(-1);
  return event === undefined ? null : { quoteId, position: events.length, ...event };
}

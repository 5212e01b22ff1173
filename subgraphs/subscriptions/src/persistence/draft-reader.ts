import { money } from '@fulfillment/kernel/domain/money';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { selectConnection, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { query } from '@fulfillment/kernel/server/sql';
import { allOf, visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { invoiceOfDraft } from '../domain/receivables/kept-draft.js';
import type { DraftFilter, ShownDraft } from '../domain/receivables/shown-draft.js';
import type { ReviewPeriod } from '../service/draft-ports.js';
import { fromDraftRow, type InvoiceDraftRow, type InvoiceReviewRow } from './draft-rows.js';
import { stored } from './invoice-line-mapping.js';
import { booksVisibility } from './visibility.js';

const firstToBePosted: SortOrder = { name: 'POSTS_AT', column: 'posts_at', type: 'timestamptz' };

type DraftWithTerms = InvoiceDraftRow & {
  readonly billing_time_zone: string;
  readonly payment_terms_days: number;
};

/** Drafts `d` with what the invoice owner's calendar and payment terms say; without those that are being made anew. */
const drafts: Sql = sql`
  SELECT d.*, a.billing_time_zone, a.payment_terms_days, '' AS parent
  FROM invoice_draft AS d JOIN account AS a ON a.id = d.invoice_owner_account_id
  WHERE d.discarded_by IS NULL`;

/**
 * Drafts and review periods, for those inside the company alone: no invoice owner sees a draft (the port is `DraftReader` in
 * graphql/receivables-readers.ts).
 * @param now the instant at which grants must hold
 */
export function createDraftReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, booksVisibility);
  return {
    async byIds(ids: readonly string[]): Promise<ShownDraft[]> {
      const rows = await query<DraftWithTerms>(
        manager,
        sql`${drafts} AND d.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
      return rows.map(toShownDraft);
    },
    list: (filter: DraftFilter, page: PageArguments) =>
      selectConnection<DraftWithTerms, ShownDraft>(manager, {
        select: sql`${drafts} AND ${allOf([...conditions(filter), visible])}`,
        sort: firstToBePosted,
        page: parsePage(page, firstToBePosted.name),
        fromRow: toShownDraft,
      }),
    async reviewPeriods(): Promise<ReviewPeriod[]> {
      const rows = await query<InvoiceReviewRow>(
        manager,
        sql`SELECT * FROM invoice_review WHERE ${visible} ORDER BY scope DESC, scope_id`,
      );
      return rows.map((row) => ({
        scope: { kind: stored('review scope', ['LEGAL_ENTITY', 'ACCOUNT'], row.scope), id: row.scope_id },
        days: row.days,
        setBy: row.set_by,
        setAt: row.set_at,
      }));
    },
  };
}

function conditions({ accountId, legalEntityCode }: DraftFilter): Sql[] {
  return [
    ...(accountId === null ? [] : [sql`d.invoice_owner_account_id = ${accountId}`]),
    ...(legalEntityCode === null ? [] : [sql`d.legal_entity_code = ${legalEntityCode}`]),
  ];
}

function toShownDraft(row: DraftWithTerms): ShownDraft {
  const kept = fromDraftRow(row);
  const owner = { billingTimeZone: row.billing_time_zone, paymentTermsDays: row.payment_terms_days };
  return {
    ...invoiceOfDraft(kept, owner, kept.postsAt),
    number: null,
    postsAt: kept.postsAt,
    payments: [],
    creditsApplied: [],
    writtenOff: money(0n, kept.currency),
    voidedBy: null,
  };
}

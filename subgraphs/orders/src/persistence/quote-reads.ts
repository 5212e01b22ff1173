import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  type Connection,
  selectConnection,
  selectConnections,
  type SortOrder,
} from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { QuoteStatus } from '../domain/quote/lifecycle.js';
import type { Quote } from '../domain/quote/quote.js';
import type { QuoteConditions } from '../service/quotes/conditions.js';
import { quoteFromRow, type QuoteRecord } from './quote-rows.js';
import { quoteDetails } from './quote-store.js';
import { quoteVisible } from './visibility.js';

const sorts = {
  CREATED_AT: { name: 'CREATED_AT', column: 'created_at', type: 'timestamptz' },
  CREATED_AT_DESC: { name: 'CREATED_AT_DESC', column: 'created_at', type: 'timestamptz', descending: true },
  VALID_UNTIL: { name: 'VALID_UNTIL', column: 'valid_until', type: 'date' },
} as const satisfies Record<string, SortOrder>;

type Sort = keyof typeof sorts;
type Quotes = Connection<Quote>;

/** What a request reads of quotes, as its viewer may see it at `now`. */
export function createQuoteReads(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = quoteVisible(viewer, now);
  const list = (select: Sql, page: PageArguments, sort: Sort) => ({
    select,
    details: quoteDetails('page'),
    sort: sorts[sort],
    page: parsePage(page, sort),
    fromRow: quoteFromRow,
  });
  const read = async (condition: Sql): Promise<Quote[]> => {
    const rows = await query<QuoteRecord>(
      manager,
      sql`SELECT q.*, ${quoteDetails('q')} FROM quote AS q WHERE ${condition} AND ${visible}
          ORDER BY q.number, q.revision`,
    );
    return rows.map(quoteFromRow);
  };

  return {
    quotes: (ids: readonly string[]) => read(sql`q.id = ANY(${ids}::uuid[])`),

    quoteRevisions: (firstRevisionIds: readonly string[]) =>
      read(sql`q.first_revision_id = ANY(${firstRevisionIds}::uuid[])`),

    quoteList(page: PageArguments, sort: Sort, conditions: QuoteConditions): Promise<Quotes> {
      const select = sql`
        SELECT q.*, '' AS parent FROM quote AS q WHERE ${allOf([visible, ...toSql(conditions, now)])}`;
      return selectConnection(manager, list(select, page, sort));
    },

    quotesOfAccounts(accountIds: readonly string[], page: PageArguments): Promise<Map<string, Quotes>> {
      const select = sql`
        SELECT q.*, q.account_id::text AS parent FROM quote AS q
        WHERE ${isOneOf('q.account_id', accountIds)} AND ${visible}`;
      return selectConnections(manager, { ...list(select, page, 'CREATED_AT_DESC'), parents: accountIds });
    },
  };
}

function toSql(conditions: QuoteConditions, now: Date): Sql[] {
  const { status, accountId, partnerId, number, purchaseOrderNumber, awaitsApproval } = conditions;
  const { createdFrom, createdBefore } = conditions;
  return [
    ...(status == null ? [] : [hasStatus(status, now)]),
    ...(accountId == null ? [] : [sql`q.account_id = ${accountId}`]),
    ...(partnerId == null ? [] : [sql`(q.partner_id = ${partnerId} OR q.distributor_id = ${partnerId})`]),
    ...(number == null ? [] : [sql`q.number = ${number}`]),
    ...(purchaseOrderNumber == null ? [] : [hasPurchaseOrderNumber(purchaseOrderNumber)]),
    ...(awaitsApproval == null ? [] : [sql`(${awaitingApproval(now)}) = ${awaitsApproval}`]),
    ...(createdFrom == null ? [] : [sql`q.created_at >= ${createdFrom}`]),
    ...(createdBefore == null ? [] : [sql`q.created_at < ${createdBefore}`]),
  ];
}

/** What `statusAt` says, as a condition: by the account's test clock, where it has one. */
function hasStatus(status: QuoteStatus, now: Date): Sql {
  switch (status) {
    case 'DRAFT':
    case 'SENT':
      return sql`(q.state = ${status} AND NOT ${isOver(now)})`;
    case 'EXPIRED':
      return sql`(q.state IN ('DRAFT', 'SENT') AND ${isOver(now)})`;
    case 'ACCEPTED':
    case 'DECLINED':
    case 'SUPERSEDED':
      return sql`q.state = ${status}`;
    default:
      return assertNever(status);
  }
}

function isOver(now: Date): Sql {
  return sql`(q.expires_at <= coalesce(
    (SELECT clock.now FROM test_clock AS clock WHERE clock.account_id = q.account_id), ${now}))`;
}

function awaitingApproval(now: Date): Sql {
  return sql`q.needs_approval AND ${hasStatus('DRAFT', now)} AND NOT EXISTS (
    SELECT FROM quote_event AS event WHERE event.quote_id = q.id AND event.step IN ('APPROVE', 'REJECT'))`;
}

/** The buyer may have given the number when accepting: then the order has it. */
function hasPurchaseOrderNumber(number: string): Sql {
  return sql`(q.purchase_order_number = ${number} OR q.order_id IN (
    SELECT o.id FROM orders AS o WHERE o.purchase_order_number = ${number}))`;
}

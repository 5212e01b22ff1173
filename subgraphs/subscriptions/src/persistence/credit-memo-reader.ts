import { money, type Money } from '@fulfillment/kernel/domain/money';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { selectConnections, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { CreditMemo } from '../domain/receivables/credit-memo.js';
import { storedCurrency } from './account-mapping.js';
import { creditMemoWithLines, type CreditMemoWithLines, fromCreditMemoRow } from './credit-memo-mapping.js';
import { heldOfCredit, remainingOfCredit } from './credit-store.js';
import { accountVisibility, creditForOrdersVisibility, creditMemoVisibility } from './visibility.js';

const newestFirst: SortOrder = {
  name: 'NEWEST',
  column: 'posted_at',
  type: 'timestamptz',
  descending: true,
};

/**
 * Credit memos and account credit, as one viewer may see them (the port is `CreditReader` in graphql/receivables-readers.ts).
 * @param now the instant at which grants must hold
 */
export function createCreditMemoReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, creditMemoVisibility);
  return {
    async byIds(ids: readonly string[]): Promise<CreditMemo[]> {
      const rows = await query<CreditMemoWithLines>(
        manager,
        sql`SELECT ${creditMemoWithLines} FROM credit_memo AS c WHERE c.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
      return rows.map(fromCreditMemoRow);
    },
    ofAccounts: (accountIds: readonly string[], page: PageArguments) =>
      selectConnections<CreditMemoWithLines, CreditMemo>(manager, {
        select: sql`
          SELECT ${creditMemoWithLines}, c.invoice_owner_account_id::text AS parent FROM credit_memo AS c
          WHERE ${isOneOf('c.invoice_owner_account_id', accountIds)} AND ${visible}`,
        parents: accountIds,
        sort: newestFirst,
        page: parsePage(page, newestFirst.name),
        fromRow: fromCreditMemoRow,
      }),
    async ofOrders(orderIds: readonly string[]): Promise<CreditMemo[]> {
      const rows = await query<CreditMemoWithLines>(
        manager,
        sql`SELECT ${creditMemoWithLines} FROM credit_memo AS c
            WHERE c.order_id = ANY(${orderIds}::uuid[]) AND ${visible} ORDER BY c.posted_at DESC, c.id`,
      );
      return rows.map(fromCreditMemoRow);
    },
    async remaining(creditMemoIds: readonly string[]): Promise<Map<string, Money>> {
      const rows = await query<{ id: string; currency: string; minor: string }>(
        manager,
        sql`SELECT memo.id, c.currency, ${remainingOfCredit}::text AS minor
            FROM account_credit AS c
            JOIN credit_memo AS memo ON memo.id = c.source_id AND c.source = 'CREDIT_MEMO'
            JOIN account AS a ON a.id = c.account_id
            WHERE memo.id = ANY(${creditMemoIds}::uuid[]) AND ${visibleTo(viewer, now, accountVisibility)}`,
      );
      return new Map(rows.map((row) => [row.id, money(BigInt(row.minor), storedCurrency(row.currency))]));
    },
    async freeCredits(accountIds: readonly string[]): Promise<Map<string, Money>> {
      const rows = await query<{ id: string; currency: string; minor: string }>(
        manager,
        sql`SELECT a.id, a.currency, coalesce(sum(${remainingOfCredit} - ${heldOfCredit}), 0)::text AS minor
            FROM account AS a LEFT JOIN account_credit AS c
              ON c.account_id = a.id AND c.currency = a.currency AND c.legal_entity_code = a.legal_entity_code
            WHERE a.id = ANY(${accountIds}::uuid[]) AND ${visibleTo(viewer, now, creditForOrdersVisibility)}
            GROUP BY a.id`,
      );
      return new Map(rows.map((row) => [row.id, money(BigInt(row.minor), storedCurrency(row.currency))]));
    },
    async accountCredits(accountIds: readonly string[]): Promise<Map<string, Money>> {
      const rows = await query<{ id: string; currency: string; minor: string }>(
        manager,
        sql`SELECT a.id, a.currency, coalesce(sum(${remainingOfCredit}), 0)::text AS minor
            FROM account AS a LEFT JOIN account_credit AS c ON c.account_id = a.id AND c.currency = a.currency
            WHERE a.id = ANY(${accountIds}::uuid[]) AND ${visibleTo(viewer, now, accountVisibility)}
            GROUP BY a.id`,
      );
      return new Map(rows.map((row) => [row.id, money(BigInt(row.minor), storedCurrency(row.currency))]));
    },
  };
}

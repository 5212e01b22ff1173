import { money, type Money } from '@fulfillment/kernel/domain/money';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Account } from '../domain/account.js';
import { fromAccountRow, storedCurrency } from './account-mapping.js';
import { remainingOfCredit } from './credit-store.js';
import { amountDueOfInvoice } from './invoice-mapping.js';
import type { AccountRow } from './rows.js';
import { accountProfileVisibility, accountVisibility } from './visibility.js';

/**
 * What a viewer may know of accounts here (the port is `AccountReader` in graphql/readers.ts).
 * @param now the instant at which grants must hold
 */
export function createAccountReader(manager: EntityManager, viewer: Viewer, now: Date) {
  return {
    async byIds(ids: readonly string[]): Promise<Account[]> {
      const rows = await query<AccountRow>(manager, selectAccounts(sql`a.*`, ids, viewer, now));
      return rows.map(fromAccountRow);
    },
    async balances(accountIds: readonly string[]): Promise<Map<string, Money>> {
      const rows = await query<{ id: string; currency: string; balance_minor: string }>(
        manager,
        sql`SELECT a.id, a.currency, (
              coalesce((SELECT sum(${amountDueOfInvoice}) FROM invoice AS i
                        WHERE i.invoice_owner_account_id = a.id AND i.currency = a.currency), 0)
              - coalesce((SELECT sum(${remainingOfCredit}) FROM account_credit AS c
                          WHERE c.account_id = a.id AND c.currency = a.currency), 0))::text AS balance_minor
            FROM account AS a
            WHERE a.id = ANY(${accountIds}::uuid[]) AND ${visibleTo(viewer, now, accountVisibility)}`,
      );
      return new Map(
        rows.map((row) => [row.id, money(BigInt(row.balance_minor), storedCurrency(row.currency))]),
      );
    },
  };
}

/**
 * Accounts `a` whose profile the viewer may see.
 * @param now the instant at which grants must hold
 */
export function selectAccounts(columns: Sql, ids: readonly string[], viewer: Viewer, now: Date): Sql {
  return sql`SELECT ${columns} FROM account AS a
             WHERE ${isOneOf('a.id', ids)} AND ${visibleTo(viewer, now, accountProfileVisibility)}`;
}

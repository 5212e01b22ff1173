import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { type Connection, selectConnection, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Account, Contact } from '../domain/account/account.js';
import type { AccountConditions } from '../service/conditions.js';
import { accountFromRow, type AccountRecord, contactFromRow, type ContactRecord } from './account-rows.js';
import { accountVisible, contactVisible } from './visibility.js';

const sorts = {
  NAME: { name: 'NAME', column: 'name', type: 'text' },
  CREATED_AT: { name: 'CREATED_AT', column: 'created_at', type: 'timestamptz' },
  CREATED_AT_DESC: { name: 'CREATED_AT_DESC', column: 'created_at', type: 'timestamptz', descending: true },
} as const satisfies Record<string, SortOrder>;

/** What a request reads of accounts, as its viewer may see it at `now`. */
export function createAccountReads(manager: EntityManager, viewer: Viewer, now: Date) {
  return {
    async accounts(ids: readonly string[]): Promise<Account[]> {
      const rows = await query<AccountRecord>(
        manager,
        sql`SELECT a.* FROM account AS a WHERE ${isOneOf('a.id', ids)} AND ${accountVisible(viewer, now)}`,
      );
      return rows.map(accountFromRow);
    },

    async contacts(accountIds: readonly string[]): Promise<Contact[]> {
      const rows = await query<ContactRecord>(
        manager,
        sql`SELECT c.* FROM contact AS c
            WHERE ${isOneOf('c.account_id', accountIds)} AND ${contactVisible(viewer, now)}
            ORDER BY c.role, c.name, c.id`,
      );
      return rows.map(contactFromRow);
    },

    accountList(
      page: PageArguments,
      sort: keyof typeof sorts,
      conditions: AccountConditions,
    ): Promise<Connection<Account>> {
      return selectConnection<AccountRecord, Account>(manager, {
        select: sql`
          SELECT a.*, '' AS parent FROM account AS a
          WHERE ${allOf([accountVisible(viewer, now), ...toSql(conditions)])}`,
        sort: sorts[sort],
        page: parsePage(page, sort),
        fromRow: accountFromRow,
      });
    },
  };
}

function toSql({ nameContains, countryCode, segment }: AccountConditions): Sql[] {
  return [
    ...(nameContains == null ? [] : [sql`a.name ILIKE ${`%${escapeLike(nameContains)}%`}`]),
    ...(countryCode == null ? [] : [sql`a.country_code = ${countryCode}`]),
    ...(segment == null ? [] : [sql`a.segment = ${segment}`]),
  ];
}

/** Per cent signs and underscores mean themselves. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { type Connection, selectConnection, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Account } from '../domain/account/account.js';
import type { Contact } from '../domain/account/contact.js';
import type { AccountConditions } from '../service/conditions.js';
import { accountFromRow, type AccountRecord } from './account-rows.js';
import { contactFromRow, type ContactRecord } from './contact-rows.js';
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

    /** Who is written to; as of an instant, or as it stands when that is null. */
    async contacts(accountIds: readonly string[], asOf: Date | null): Promise<Contact[]> {
      const holds =
        asOf === null
          ? sql`c.until IS NULL`
          : sql`c.since <= ${asOf} AND (c.until IS NULL OR c.until > ${asOf})`;
      const rows = await query<ContactRecord>(
        manager,
        sql`SELECT c.* FROM contact AS c
            WHERE ${isOneOf('c.account_id', accountIds)} AND ${holds} AND ${contactVisible(viewer, now)}
            ORDER BY c.role, c.name, c.id`,
      );
      return rows.map(contactFromRow);
    },

    /** The newest versions first, a hundred of each contact at the most. */
    async contactHistory(contactIds: readonly string[]): Promise<Contact[]> {
      const rows = await query<ContactRecord>(
        manager,
        sql`SELECT c.* FROM unnest(${[...contactIds]}::uuid[]) AS asked (id)
            CROSS JOIN LATERAL (
              SELECT c.* FROM contact AS c WHERE c.id = asked.id AND ${contactVisible(viewer, now)}
              ORDER BY c.version DESC LIMIT 100
            ) AS c`,
      );
      return rows.map(contactFromRow);
    },

    /** Those of these accounts that have nobody to receive licenses. */
    async accountsWithoutSoldTo(accountIds: readonly string[]): Promise<{ readonly id: string }[]> {
      return query<{ id: string }>(
        manager,
        sql`SELECT a.id FROM account AS a
            WHERE ${isOneOf('a.id', accountIds)} AND ${accountVisible(viewer, now)} AND NOT EXISTS (
              SELECT FROM contact AS c WHERE c.account_id = a.id AND c.role = 'SOLD_TO' AND c.until IS NULL)`,
      );
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

import { money, type Money } from '@fulfillment/kernel/domain/money';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Party } from '../service/documents.js';
import { storedCurrency } from './account-mapping.js';
import { remainingOfCredit } from './credit-store.js';
import { amountDueOfInvoice } from './invoice-mapping.js';
import { accountVisibility } from './visibility.js';

/**
 * What a viewer may know of accounts here (the port is `AccountReader` in graphql/readers.ts).
 * @param now the instant at which grants must hold
 */
export function createAccountReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, accountVisibility);
  return {
    async isGranted(accountId: string): Promise<boolean> {
      const rows = await query(
        manager,
        sql`SELECT FROM (VALUES (${accountId}::uuid)) AS a (id) WHERE ${visible}`,
      );
      return rows.length > 0;
    },
    async parties(accountIds: readonly string[]): Promise<Map<string, Party>> {
      const rows = await query<{ id: string; name: string; country_code: string }>(
        manager,
        sql`SELECT a.id, a.name, a.country_code FROM account AS a
            WHERE a.id = ANY(${accountIds}::uuid[]) AND ${visible}`,
      );
      return new Map(rows.map((row) => [row.id, { name: row.name, countryCode: row.country_code }]));
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
            WHERE a.id = ANY(${accountIds}::uuid[]) AND ${visible}`,
      );
      return new Map(
        rows.map((row) => [row.id, money(BigInt(row.balance_minor), storedCurrency(row.currency))]),
      );
    },
  };
}

import { localDate } from '@fulfillment/kernel/domain/calendar';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { AgreedMode } from '../domain/reconciliation/mode.js';
import type { ReconciliationTerms, ReconciliationTermsOfAccounts } from '../service/reconciliation-ports.js';
import { type ReconciliationTermsRow, storedMode } from './reconciliation-entities.js';

/** What was agreed with accounts about use beyond their seats, within one transaction. */
export function createReconciliationTermsStore(manager: EntityManager): ReconciliationTermsOfAccounts {
  return {
    async terms(accountIds) {
      const rows = await query<ReconciliationTermsRow>(
        manager,
        sql`SELECT DISTINCT ON (t.account_id) t.* FROM reconciliation_terms AS t
            WHERE t.account_id = ANY(${accountIds}::uuid[]) ORDER BY t.account_id, t.number DESC`,
      );
      const terms = rows.map(fromTermsRow).filter((one) => one !== null);
      return new Map(terms.map((one) => [one.accountId, one]));
    },

    async agreedModes(accountIds) {
      const rows = await query<ReconciliationTermsRow>(
        manager,
        sql`SELECT t.* FROM reconciliation_terms AS t
            WHERE t.account_id = ANY(${accountIds}::uuid[]) ORDER BY t.number`,
      );
      return rows.map(({ account_id: accountId, from_on: from, mode }): AgreedMode => ({
        accountId,
        from: localDate(from),
        mode: mode === null ? null : storedMode(mode),
      }));
    },

    async setTerms({ accountId, from, mode, setBy, setAt }) {
      await query(
        manager,
        sql`INSERT INTO reconciliation_terms (account_id, from_on, mode, set_by, set_at)
            VALUES (${accountId}, ${from}, ${mode}, ${setBy}, ${setAt})`,
      );
    },
  };
}

function fromTermsRow(row: ReconciliationTermsRow): ReconciliationTerms | null {
  const { account_id: accountId, from_on: from, mode, set_by: setBy, set_at: setAt } = row;
  return mode === null ? null : { accountId, from: localDate(from), mode: storedMode(mode), setBy, setAt };
}

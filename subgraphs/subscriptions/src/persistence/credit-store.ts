import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { creditSources } from '../domain/receivables/account-credit.js';
import type { Credits } from '../service/receivables-ports.js';
import { storedCurrency } from './account-mapping.js';
import { insertRows } from './insert-rows.js';
import { stored } from './invoice-line-mapping.js';
import { amountDueOfInvoice } from './invoice-mapping.js';
import type { AccountCreditRow, AccountCreditUseRow } from './ledger-rows.js';
import type { InvoiceRow } from './rows.js';

/** Any constant: it sets the locks on what accounts owe apart from other advisory locks. */
const settlementLock = 4_004;

/** What is left of a credit `c`, in minor units. */
export const remainingOfCredit: Sql = sql`(
  c.amount_minor - coalesce((SELECT sum(u.amount_minor) FROM account_credit_use AS u WHERE u.credit_id = c.id), 0))`;

/** What is kept of a credit `c` for refunds whose outcome is not known, in minor units: nothing else may use it. */
export const heldOfCredit: Sql = sql`
  coalesce((SELECT sum(h.amount_minor) FROM refund_hold AS h
            WHERE h.credit_id = c.id
              AND NOT EXISTS (SELECT FROM refund_attempt_outcome AS o WHERE o.attempt_id = h.attempt_id)), 0)`;

/** Account credit and what it settles, for use cases. */
export function createCreditStore(manager: EntityManager): Credits {
  return {
    async lockAccounts(accountIds) {
      // One after the other in one order, whoever asks: two transactions never wait for each other.
      await query(
        manager,
        sql`SELECT pg_advisory_xact_lock(${settlementLock}, hashtext(wanted.id))
            FROM (SELECT DISTINCT id FROM unnest(${accountIds}::text[]) AS id ORDER BY id) AS wanted`,
      );
    },
    async openCredits(accountIds) {
      const rows = await query<AccountCreditRow & { remaining_minor: string }>(
        manager,
        sql`SELECT * FROM (
              SELECT c.*, ${remainingOfCredit} - ${heldOfCredit} AS remaining_minor FROM account_credit AS c
              WHERE c.account_id = ANY(${accountIds}::uuid[])) AS credit
            WHERE remaining_minor > 0`,
      );
      return rows.map((row) => ({
        id: row.id,
        accountId: row.account_id,
        legalEntityCode: row.legal_entity_code,
        amount: money(BigInt(row.amount_minor), storedCurrency(row.currency)),
        remaining: money(BigInt(row.remaining_minor), storedCurrency(row.currency)),
        source: stored('source of credit', creditSources, row.source),
        sourceId: row.source_id,
        openedAt: row.opened_at,
      }));
    },
    async openInvoices(accountIds) {
      const rows = await query<InvoiceRow & { due_minor: string }>(
        manager,
        sql`SELECT * FROM (
              SELECT i.*, ${amountDueOfInvoice} AS due_minor FROM invoice AS i
              WHERE i.invoice_owner_account_id = ANY(${accountIds}::uuid[])) AS invoice
            WHERE due_minor > 0`,
      );
      return rows.map((row) => ({
        id: row.id,
        accountId: row.invoice_owner_account_id,
        legalEntityCode: row.legal_entity_code,
        dueOn: localDate(row.due_on),
        amountDue: money(BigInt(row.due_minor), storedCurrency(row.currency)),
      }));
    },
    async add(credits, uses) {
      const creditRows = credits.map((credit): AccountCreditRow => ({
        id: credit.id,
        account_id: credit.accountId,
        legal_entity_code: credit.legalEntityCode,
        currency: credit.amount.currency,
        amount_minor: credit.amount.minor.toString(),
        source: credit.source,
        source_id: credit.sourceId,
        opened_at: credit.openedAt,
      }));
      const useRows = uses.map((use): AccountCreditUseRow => ({
        id: use.id,
        credit_id: use.creditId,
        invoice_id: use.invoiceId,
        refund_id: use.refundId,
        amount_minor: use.amount.minor.toString(),
        used_at: use.usedAt,
      }));
      await insertRows(manager, 'account_credit', creditRows);
      await insertRows(manager, 'account_credit_use', useRows);
    },
  };
}

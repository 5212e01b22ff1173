import { type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, money, type Money } from '@fulfillment/kernel/domain/money';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { selectConnection, selectConnections, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { query } from '@fulfillment/kernel/server/sql';
import { allOf, visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { LedgerEntry } from '../domain/ledger/entry.js';
import { ledgerAccounts } from '../domain/ledger/ledger-account.js';
import type { RevenueSchedule } from '../domain/ledger/revenue-schedule.js';
import type { AccountBalance, Earning, LedgerFilter } from '../domain/ledger/views.js';
import { storedCurrency } from './account-mapping.js';
import { stored } from './invoice-line-mapping.js';
import { type EntryWithPostings, fromEntryRow, fromScheduleRow } from './ledger-mapping.js';
import type { RevenueScheduleRow } from './ledger-rows.js';
import { booksVisibility } from './visibility.js';

const newestFirst: SortOrder = {
  name: 'NEWEST',
  column: 'recorded_at',
  type: 'timestamptz',
  descending: true,
};
const byDocument: SortOrder = { name: 'DOCUMENT', column: 'place', type: 'text' };

/** An entry `e` with its postings. Within JSON, what a number would not hold exactly is text. */
const withPostings: Sql = sql`
  e.*,
  (SELECT json_agg(json_build_object('ledger_account', p.ledger_account, 'amount_minor', p.amount_minor::text)
                   ORDER BY p.amount_minor DESC, p.ledger_account)
   FROM ledger_posting AS p WHERE p.entry_id = e.id) AS postings`;

/**
 * The ledger, for those inside the company (the port is `LedgerReader` in graphql/receivables-readers.ts).
 * @param now the instant at which grants must hold
 */
export function createLedgerReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, booksVisibility);
  const entriesWhere = async (condition: Sql) => {
    const rows = await query<EntryWithPostings>(
      manager,
      sql`SELECT ${withPostings} FROM ledger_entry AS e WHERE ${condition} AND ${visible}
          ORDER BY e.recorded_at, e.booked_on, e.id`,
    );
    return rows.map(fromEntryRow);
  };
  return {
    entries: (filter: LedgerFilter, page: PageArguments) =>
      selectConnection<EntryWithPostings, LedgerEntry>(manager, {
        select: sql`SELECT ${withPostings}, '' AS parent FROM ledger_entry AS e
                    WHERE ${allOf([...conditions(filter), visible])}`,
        sort: newestFirst,
        page: parsePage(page, newestFirst.name),
        fromRow: fromEntryRow,
      }),
    entriesOfInvoices: (invoiceIds: readonly string[]): Promise<LedgerEntry[]> =>
      entriesWhere(sql`e.invoice_id = ANY(${invoiceIds}::uuid[])`),
    entriesOfCreditMemos: (creditMemoIds: readonly string[]): Promise<LedgerEntry[]> =>
      entriesWhere(sql`e.kind = 'CREDIT_MEMO_POSTED' AND e.cause_id = ANY(${creditMemoIds}::text[])`),
    async trialBalance(
      legalEntityCode: string,
      currency: CurrencyCode,
      asOf: LocalDate,
    ): Promise<AccountBalance[]> {
      const rows = await query<{ account: string; debit: string; credit: string }>(
        manager,
        sql`SELECT p.ledger_account AS account,
                   coalesce(sum(p.amount_minor) FILTER (WHERE p.amount_minor > 0), 0)::text AS debit,
                   coalesce(-sum(p.amount_minor) FILTER (WHERE p.amount_minor < 0), 0)::text AS credit
            FROM ledger_entry AS e JOIN ledger_posting AS p ON p.entry_id = e.id
            WHERE e.legal_entity_code = ${legalEntityCode} AND e.currency = ${currency} AND e.booked_on <= ${asOf}
              AND ${visible}
            GROUP BY p.ledger_account ORDER BY array_position(${ledgerAccounts}::text[], p.ledger_account)`,
      );
      const amount = (minor: string): Money => money(BigInt(minor), currency);
      return rows.map((row) => ({
        account: stored('ledger account', ledgerAccounts, row.account),
        debit: amount(row.debit),
        credit: amount(row.credit),
      }));
    },
    async schedulesOfDocuments(documentIds: readonly string[]): Promise<RevenueSchedule[]> {
      const rows = await query<RevenueScheduleRow>(
        manager,
        sql`SELECT s.*, s.net_minor::text FROM revenue_schedule AS s
            WHERE s.document_id = ANY(${documentIds}::uuid[]) AND ${visible} ORDER BY s.document_id, s.position`,
      );
      return rows.map(fromScheduleRow);
    },
    earningsOfEntries: (entryIds: readonly string[], page: PageArguments) =>
      selectConnections<EarningRow, Earning>(manager, {
        select: earningsOf(entryIds, visible),
        sort: byDocument,
        page: parsePage(page, byDocument.name),
        fromRow: fromEarningRow,
      }),
  };
}

interface EarningRow {
  readonly document_id: string;
  readonly position: number;
  readonly subscription_id: string;
  readonly currency: string;
  readonly earned_minor: string;
}

/** The lines that earned something on the day of a revenue entry: its cause names the books and the day. */
function earningsOf(entryIds: readonly string[], visible: Sql): Sql {
  return sql`
    SELECT md5(s.document_id::text || s.position)::uuid AS id, e.id::text AS parent, s.document_id, s.position,
           s.subscription_id, s.currency, earned.minor::text AS earned_minor,
           s.document_id::text || lpad(s.position::text, 6, '0') AS place
    FROM ledger_entry AS e
    CROSS JOIN LATERAL (
      SELECT split_part(e.cause_id, ':', 1) AS books, split_part(e.cause_id, ':', 3)::date AS day) AS recognized
    JOIN revenue_schedule AS s
      ON s.books_code = recognized.books AND s.currency = e.currency
      AND s.recognized_from <= recognized.day AND s.recognized_until > recognized.day
    CROSS JOIN LATERAL (SELECT
      earned_through(s.net_minor, s.service_start, s.service_end, s.recognized_from, recognized.day)
      - earned_through(s.net_minor, s.service_start, s.service_end, s.recognized_from, recognized.day - 1)
      AS minor) AS earned
    WHERE e.id = ANY(${entryIds}::uuid[]) AND e.kind = 'REVENUE_RECOGNIZED' AND earned.minor <> 0 AND ${visible}`;
}

function fromEarningRow(row: EarningRow): Earning {
  return {
    documentId: row.document_id,
    position: row.position,
    subscriptionId: row.subscription_id,
    amount: money(BigInt(row.earned_minor), storedCurrency(row.currency)),
  };
}

function conditions(filter: LedgerFilter): Sql[] {
  const { legalEntityCode, currency, ledgerAccount, kind, accountId, bookedFrom, bookedBefore } = filter;
  const found: Sql[] = [];
  if (legalEntityCode !== null) found.push(sql`e.legal_entity_code = ${legalEntityCode}`);
  if (currency !== null) found.push(sql`e.currency = ${currency}`);
  if (kind !== null) found.push(sql`e.kind = ${kind}`);
  if (accountId !== null) found.push(sql`e.account_id = ${accountId}`);
  if (bookedFrom !== null) found.push(sql`e.booked_on >= ${bookedFrom}`);
  if (bookedBefore !== null) found.push(sql`e.booked_on < ${bookedBefore}`);
  if (ledgerAccount !== null) {
    found.push(
      sql`EXISTS (SELECT FROM ledger_posting AS p WHERE p.entry_id = e.id AND p.ledger_account = ${ledgerAccount})`,
    );
  }
  return found;
}

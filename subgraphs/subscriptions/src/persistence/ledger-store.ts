import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { isSandboxBooks } from '../domain/ledger/books-code.js';
import type { Ledger } from '../service/receivables-ports.js';
import { storedCurrency } from './account-mapping.js';
import { insertRows } from './insert-rows.js';
import { notSetAside } from './set-aside-rows.js';
import { lockBooks, readBooks } from './ledger-books.js';
import { toEntryRow, toPostingRows, toScheduleRow } from './ledger-mapping.js';
import type { AccountingPeriodRow, RecognizedDayRow } from './ledger-rows.js';

/** Writes the ledger, for use cases. */
export function createLedgerStore(manager: EntityManager): Ledger {
  return {
    async open(codes) {
      await lockBooks(manager, codes, 'SHARED');
      return readBooks(manager, codes);
    },
    async openAlone(code) {
      await lockBooks(manager, [code], 'ALONE');
      return (await readBooks(manager, [code]))(code);
    },
    async isBooked(kind, causeId) {
      const rows = await query(
        manager,
        sql`SELECT FROM ledger_entry WHERE kind = ${kind} AND cause_id = ${causeId}`,
      );
      return rows.length > 0;
    },
    async record(entries, schedules) {
      await insertRows(manager, 'ledger_entry', entries.map(toEntryRow));
      await insertRows(manager, 'ledger_posting', entries.flatMap(toPostingRows));
      await insertRows(manager, 'revenue_schedule', schedules.map(toScheduleRow));
    },
    async earningEntities() {
      const rows = await query<{ code: string }>(
        manager,
        sql`SELECT DISTINCT books_code AS code FROM revenue_schedule
            WHERE ${notSetAside('REVENUE', sql`books_code`)} ORDER BY 1`,
      );
      return rows.map(({ code }) => code).filter((code) => !isSandboxBooks(code));
    },
    async earnedDays(booksCode, through) {
      const rows = await query<{ currency: string; day: string; minor: string }>(
        manager,
        sql`WITH next AS (
              SELECT s.currency, coalesce(
                (SELECT max(d.day) + 1 FROM recognized_day AS d
                 WHERE d.books_code = ${booksCode} AND d.currency = s.currency),
                min(s.recognized_from)) AS day
              FROM revenue_schedule AS s WHERE s.books_code = ${booksCode} GROUP BY s.currency)
            SELECT next.currency, days.day::date AS day, coalesce(sum(
              earned_through(s.net_minor, s.service_start, s.service_end, s.recognized_from, days.day::date)
              - earned_through(s.net_minor, s.service_start, s.service_end, s.recognized_from, days.day::date - 1)
            ), 0)::bigint AS minor
            FROM next
            CROSS JOIN generate_series(next.day, ${through}::date, interval '1 day') AS days (day)
            LEFT JOIN revenue_schedule AS s
              ON s.books_code = ${booksCode} AND s.currency = next.currency
              AND s.recognized_from <= days.day AND s.recognized_until > days.day
            GROUP BY next.currency, days.day ORDER BY next.currency, days.day`,
      );
      return rows.map(({ currency, day, minor }) => ({
        booksCode,
        day: localDate(day),
        amount: money(BigInt(minor), storedCurrency(currency)),
      }));
    },
    async recordEarnedDays(days) {
      const rows = days.map(({ booksCode, day, amount }): RecognizedDayRow => ({
        books_code: booksCode,
        currency: amount.currency,
        day,
        amount_minor: amount.minor.toString(),
      }));
      await insertRows(manager, 'recognized_day', rows);
    },
    async close({ legalEntityCode, month, closedAt, closedBy }) {
      const row: AccountingPeriodRow = {
        legal_entity_code: legalEntityCode,
        month,
        closed_at: closedAt,
        closed_by: closedBy,
      };
      await insertRows(manager, 'accounting_period', [row]);
    },
  };
}

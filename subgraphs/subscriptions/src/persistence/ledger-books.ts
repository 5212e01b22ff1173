import { localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { lastDayOf } from '../domain/receivables/accounting-period.js';
import type { Books, BooksOf } from '../domain/receivables/settlement.js';
import { storedCurrency } from './account-mapping.js';

/** Any constant: it sets the locks on books apart from other advisory locks. The triggers of the ledger take the same. */
const booksLock = 4_003;

/** SHARED: nobody closes a month or posts revenue until the transaction ends. ALONE: nobody posts at all. */
export async function lockBooks(
  manager: EntityManager,
  codes: readonly string[],
  how: 'SHARED' | 'ALONE',
): Promise<void> {
  const lock = raw(how === 'SHARED' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock');
  // One after the other in one order, whoever asks: two transactions never wait for each other.
  for (const code of [...new Set(codes)].toSorted()) {
    await query(manager, sql`SELECT ${lock}(${booksLock}, hashtext(${code}))`);
  }
}

/** How far books have come, by the codes of legal entities and of sandbox accounts' own books. */
export async function readBooks(manager: EntityManager, codes: readonly string[]): Promise<BooksOf> {
  const closed = await query<{ code: string; month: string }>(
    manager,
    sql`SELECT legal_entity_code AS code, max(month) AS month FROM accounting_period
        WHERE legal_entity_code = ANY(${codes}::text[]) GROUP BY legal_entity_code`,
  );
  const recognized = await query<{ code: string; currency: string; day: string }>(
    manager,
    sql`SELECT books_code AS code, currency, max(day) AS day FROM recognized_day
        WHERE books_code = ANY(${codes}::text[]) GROUP BY books_code, currency`,
  );
  const books = new Map<
    string,
    { closedThrough: LocalDate | null; recognizedThrough: Map<CurrencyCode, LocalDate> }
  >();
  for (const code of codes) books.set(code, { closedThrough: null, recognizedThrough: new Map() });
  for (const { code, month } of closed) {
    const entry = books.get(code);
    if (entry) entry.closedThrough = lastDayOf(localDate(month));
  }
  for (const { code, currency, day } of recognized) {
    books.get(code)?.recognizedThrough.set(storedCurrency(currency), localDate(day));
  }
  return (code) => books.get(code) ?? unopened(code);
}

function unopened(code: string): Books {
  throw new Error(`The books of ${code} were not opened`);
}

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
  legalEntityCodes: readonly string[],
  how: 'SHARED' | 'ALONE',
): Promise<void> {
  const lock = raw(how === 'SHARED' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock');
  // One after the other in one order, whoever asks: two transactions never wait for each other.
  for (const code of [...new Set(legalEntityCodes)].toSorted()) {
    await query(manager, sql`SELECT ${lock}(${booksLock}, hashtext(${code}))`);
  }
}

/** How far the books of legal entities have come. */
export async function readBooks(
  manager: EntityManager,
  legalEntityCodes: readonly string[],
): Promise<BooksOf> {
  const closed = await query<{ code: string; month: string }>(
    manager,
    sql`SELECT legal_entity_code AS code, max(month) AS month FROM accounting_period
        WHERE legal_entity_code = ANY(${legalEntityCodes}::text[]) GROUP BY legal_entity_code`,
  );
  const recognized = await query<{ code: string; currency: string; day: string }>(
    manager,
    sql`SELECT legal_entity_code AS code, currency, max(day) AS day FROM recognized_day
        WHERE legal_entity_code = ANY(${legalEntityCodes}::text[]) GROUP BY legal_entity_code, currency`,
  );
  const books = new Map<
    string,
    { closedThrough: LocalDate | null; recognizedThrough: Map<CurrencyCode, LocalDate> }
  >();
  for (const code of legalEntityCodes) books.set(code, { closedThrough: null, recognizedThrough: new Map() });
  for (const { code, month } of closed) {
    const entry = books.get(code);
    if (entry) entry.closedThrough = lastDayOf(localDate(month));
  }
  for (const { code, currency, day } of recognized) {
    books.get(code)?.recognizedThrough.set(storedCurrency(currency), localDate(day));
  }
  return (code) => books.get(code) ?? unopened(code);
}

function unopened(legalEntityCode: string): Books {
  throw new Error(`The books of ${legalEntityCode} were not opened`);
}

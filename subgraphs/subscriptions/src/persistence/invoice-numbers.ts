import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';

/** Where the last number of each legal entity stands. */
export type NumberTable = 'invoice_number' | 'credit_memo_number';

/**
 * Draws one number for each entry of a list, without gaps: the legal entity's row stays locked until the transaction ends, and
 * the numbers roll back with it. Rows are locked in one order, so that two transactions never wait for each other.
 * @returns the next number of a legal entity, each time another
 */
export async function drawNumbers(
  manager: EntityManager,
  table: NumberTable,
  legalEntityCodes: readonly string[],
): Promise<(legalEntityCode: string) => bigint> {
  if (legalEntityCodes.length === 0) return noNumber;
  const rows = await query<{ code: string; last: string; drawn: string }>(
    manager,
    sql`WITH wanted AS (
          SELECT code, count(*) AS drawn FROM unnest(${legalEntityCodes}::text[]) AS code GROUP BY code),
        given AS (
          INSERT INTO ${raw(table)} AS number (legal_entity_code, last)
          SELECT code, drawn FROM wanted ORDER BY code
          ON CONFLICT (legal_entity_code) DO UPDATE SET last = number.last + excluded.last
          RETURNING legal_entity_code, last)
        SELECT code, last, drawn FROM wanted JOIN given ON legal_entity_code = code`,
  );
  const next = new Map(rows.map(({ code, last, drawn }) => [code, BigInt(last) - BigInt(drawn) + 1n]));
  return (code) => {
    const number = next.get(code);
    if (number === undefined) return noNumber(code);
    next.set(code, number + 1n);
    return number;
  };
}

function noNumber(legalEntityCode: string): never {
  throw new Error(`No number was drawn for ${legalEntityCode}`);
}

import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Invoices } from '../service/ports.js';
import { invoiceEntity, invoiceLineEntity } from './entities.js';
import { toInvoiceLineRow, toInvoiceRow } from './invoice-mapping.js';

/** Posts invoices, for use cases. */
export function createInvoiceStore(manager: EntityManager): Invoices {
  return {
    async post(draft) {
      const row = toInvoiceRow(draft, await nextNumber(manager, draft.legalEntityCode));
      await manager.insert(invoiceEntity, row);
      await manager.insert(
        invoiceLineEntity,
        draft.lines.map((line) => toInvoiceLineRow(draft.id, line)),
      );
      return { ...draft, number: row.number, payments: [] };
    },
  };
}

/** Without gaps: the entity's row stays locked until the transaction ends, and the number rolls back with it. */
async function nextNumber(manager: EntityManager, legalEntityCode: string): Promise<bigint> {
  const [row] = await query<{ last: string }>(
    manager,
    sql`INSERT INTO invoice_number AS number (legal_entity_code, last) VALUES (${legalEntityCode}, 1)
        ON CONFLICT (legal_entity_code) DO UPDATE SET last = number.last + 1
        RETURNING last`,
  );
  if (!row) throw new Error('INSERT … RETURNING gave no row');
  return BigInt(row.last);
}

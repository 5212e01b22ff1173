import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { selectConnections, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Invoice } from '../domain/invoice.js';
import { fromInvoiceRow, type InvoiceWithParts } from './invoice-mapping.js';
import { invoiceVisibility } from './visibility.js';

const newestFirst: SortOrder = {
  name: 'NEWEST',
  column: 'posted_at',
  type: 'timestamptz',
  descending: true,
};

/**
 * Invoices with their lines and payments, as one viewer may see them (the port is `InvoiceReader` in graphql/readers.ts).
 * @param now the instant at which grants must hold
 */
export function createInvoiceReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, invoiceVisibility);
  return {
    async byIds(ids: readonly string[]): Promise<Invoice[]> {
      const rows = await query<InvoiceWithParts>(
        manager,
        sql`SELECT ${withParts} FROM invoice AS i WHERE i.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
      return rows.map(fromInvoiceRow);
    },
    ofAccounts: (accountIds: readonly string[], page: PageArguments) =>
      selectConnections<InvoiceWithParts, Invoice>(manager, {
        select: sql`
          SELECT ${withParts}, i.invoice_owner_account_id::text AS parent FROM invoice AS i
          WHERE i.invoice_owner_account_id = ANY(${accountIds}::uuid[]) AND ${visible}`,
        sort: newestFirst,
        page: parsePage(page, newestFirst.name),
        fromRow: fromInvoiceRow,
      }),
    ofOrders: (orderIds: readonly string[]) =>
      byParent(
        manager,
        sql`SELECT ${withParts}, i.order_id AS parent FROM invoice AS i
            WHERE i.order_id = ANY(${orderIds}::uuid[]) AND ${visible}
            ORDER BY i.posted_at DESC, i.id`,
      ),
    ofSubscriptions: (subscriptionIds: readonly string[]) =>
      byParent(
        manager,
        sql`SELECT ${withParts}, charged.subscription_id AS parent
            FROM (
              SELECT DISTINCT subscription_id, invoice_id FROM invoice_line
              WHERE subscription_id = ANY(${subscriptionIds}::uuid[])
            ) AS charged
            JOIN invoice AS i ON i.id = charged.invoice_id
            WHERE ${visible}
            ORDER BY i.posted_at DESC, i.id`,
      ),
  };
}

/** An invoice's columns and its parts. Within JSON, what a number would not hold exactly is text. */
const withParts: Sql = sql`
  i.*,
  (SELECT json_agg(to_jsonb(l) || jsonb_build_object(
            'amount_minor', l.amount_minor::text, 'unit_price', l.unit_price::text,
            'proration_ratio', l.proration_ratio::text) ORDER BY l.position)
   FROM invoice_line AS l WHERE l.invoice_id = i.id) AS lines,
  (SELECT coalesce(json_agg(to_jsonb(p) || jsonb_build_object('amount_minor', p.amount_minor::text)
                            ORDER BY p.received_at, p.id), '[]')
   FROM payment AS p WHERE p.invoice_id = i.id) AS payments`;

async function byParent(manager: EntityManager, statement: Sql): Promise<Map<string, Invoice[]>> {
  const rows = await query<InvoiceWithParts & { parent: string }>(manager, statement);
  const invoices = new Map<string, Invoice[]>();
  for (const row of rows) {
    invoices.set(row.parent, [...(invoices.get(row.parent) ?? []), fromInvoiceRow(row)]);
  }
  return invoices;
}

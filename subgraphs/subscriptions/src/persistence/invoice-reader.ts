import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { selectConnections, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Invoice } from '../domain/invoice.js';
import { fromInvoiceRow, invoiceWithParts, type InvoiceWithParts } from './invoice-mapping.js';
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
        sql`SELECT ${invoiceWithParts} FROM invoice AS i WHERE i.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
      return rows.map(fromInvoiceRow);
    },
    ofAccounts: (accountIds: readonly string[], page: PageArguments) =>
      selectConnections<InvoiceWithParts, Invoice>(manager, {
        select: sql`
          SELECT ${invoiceWithParts}, i.invoice_owner_account_id::text AS parent FROM invoice AS i
          WHERE ${isOneOf('i.invoice_owner_account_id', accountIds)} AND ${visible}`,
        parents: accountIds,
        sort: newestFirst,
        page: parsePage(page, newestFirst.name),
        fromRow: fromInvoiceRow,
      }),
    ofOrders: (orderIds: readonly string[]) =>
      byParent(
        manager,
        sql`SELECT ${invoiceWithParts}, i.order_id AS parent FROM invoice AS i
            WHERE i.order_id = ANY(${orderIds}::uuid[]) AND ${visible}
            ORDER BY i.posted_at DESC, i.id`,
      ),
    ofSubscriptions: (subscriptionIds: readonly string[]) =>
      byParent(
        manager,
        sql`SELECT ${invoiceWithParts}, charged.subscription_id AS parent
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

async function byParent(manager: EntityManager, statement: Sql): Promise<Map<string, Invoice[]>> {
  const rows = await query<InvoiceWithParts & { parent: string }>(manager, statement);
  const invoices = new Map<string, Invoice[]>();
  for (const row of rows) {
    invoices.set(row.parent, [...(invoices.get(row.parent) ?? []), fromInvoiceRow(row)]);
  }
  return invoices;
}

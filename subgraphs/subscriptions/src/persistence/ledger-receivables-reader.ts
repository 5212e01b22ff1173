import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { type Connection, selectConnections, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Invoice } from '../domain/invoice.js';
import { receivablesAges, type ReceivablesBucket } from '../domain/ledger/views.js';
import { storedCurrency } from './account-mapping.js';
import { stored } from './invoice-line-mapping.js';
import { fromInvoiceRow, invoiceWithParts, type InvoiceWithParts } from './invoice-mapping.js';
import { booksVisibility } from './visibility.js';

const firstDueFirst: SortOrder = { name: 'DUE_ON', column: 'due_on', type: 'date' };

/** How long an invoice `i` is overdue on a day. */
function ageOn(asOf: Sql): Sql {
  return sql`CASE
    WHEN ${asOf} <= i.due_on THEN 'NOT_DUE'
    WHEN ${asOf} - i.due_on <= 30 THEN 'UP_TO_30_DAYS'
    WHEN ${asOf} - i.due_on <= 60 THEN 'UP_TO_60_DAYS'
    WHEN ${asOf} - i.due_on <= 90 THEN 'UP_TO_90_DAYS'
    ELSE 'OVER_90_DAYS' END`;
}

/** What was due on each invoice at the end of a day: as the ledger says, so that it equals the trial balance. */
function openOn(asOf: Sql): Sql {
  return sql`
    SELECT e.legal_entity_code, e.currency, e.invoice_id, sum(p.amount_minor) AS minor
    FROM ledger_entry AS e
    JOIN ledger_posting AS p ON p.entry_id = e.id AND p.ledger_account = 'RECEIVABLES'
    WHERE e.booked_on <= ${asOf}
    GROUP BY e.legal_entity_code, e.currency, e.invoice_id HAVING sum(p.amount_minor) <> 0`;
}

/**
 * What customers owe, for those inside the company (the port is `ReceivablesReader` in graphql/receivables-readers.ts).
 * @param now the instant at which grants must hold
 */
export function createReceivablesReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, booksVisibility);
  return {
    /** By legal entity and currency, then the youngest first; those in which nothing is owed are left out. */
    async aged(asOf: LocalDate): Promise<ReceivablesBucket[]> {
      const rows = await query<{ code: string; currency: string; age: string; minor: string }>(
        manager,
        sql`SELECT owed.legal_entity_code AS code, owed.currency, ${ageOn(sql`${asOf}::date`)} AS age,
                   sum(owed.minor)::text AS minor
            FROM (${openOn(sql`${asOf}::date`)}) AS owed JOIN invoice AS i ON i.id = owed.invoice_id
            WHERE ${visible} GROUP BY 1, 2, 3 ORDER BY 1, 2, min(i.due_on) DESC`,
      );
      return rows.map(({ code, currency, age, minor }) => ({
        legalEntityCode: code,
        age: stored('age of receivables', receivablesAges, age),
        asOf,
        total: money(BigInt(minor), storedCurrency(currency)),
      }));
    },
    /** By the id under which a bucket is asked for. */
    invoicesOf(
      buckets: ReadonlyMap<string, ReceivablesBucket>,
      page: PageArguments,
    ): Promise<Map<string, Connection<Invoice>>> {
      const asked = [...buckets].map(([id, { legalEntityCode, age, asOf, total }]) => ({
        id,
        code: legalEntityCode,
        age,
        as_of: asOf,
        currency: total.currency,
      }));
      return selectConnections<InvoiceWithParts, Invoice>(manager, {
        select: sql`
          SELECT ${invoiceWithParts}, bucket.id AS parent
          FROM json_to_recordset(${JSON.stringify(asked)})
               AS bucket (id text, code text, age text, as_of date, currency text)
          CROSS JOIN LATERAL (${openOn(sql`bucket.as_of`)}) AS owed
          JOIN invoice AS i ON i.id = owed.invoice_id
          WHERE owed.legal_entity_code = bucket.code AND owed.currency = bucket.currency
            AND ${ageOn(sql`bucket.as_of`)} = bucket.age AND ${visible}`,
        sort: firstDueFirst,
        page: parsePage(page, firstDueFirst.name),
        fromRow: fromInvoiceRow,
      });
    },
  };
}

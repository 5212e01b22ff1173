/**
 * The statements that write the books of documents that have none: for databases of before the ledger, and after a seeding,
 * which writes invoices and payments alone. Each can be run again: what has its entry is left out.
 * @param openedOn 'YYYY-MM-DD': what was earned before that day is recognized on it; with null, on its own days
 */
export function booksOfDocuments(openedOn: string | null = null): string[] {
  return [
    entriesOf({
      kind: 'INVOICE_POSTED',
      source: 'invoice AS document',
      facts: `document.legal_entity_code, document.currency, document.issued_on, document.posted_at,
              document.invoice_owner_account_id, document.id`,
      postings: `('RECEIVABLES', document.total_minor),
                 ('DEFERRED_REVENUE', document.tax_minor - document.total_minor),
                 ('TAX_PAYABLE', -document.tax_minor)`,
    }),
    entriesOf({
      kind: 'PAYMENT_RECEIVED',
      source: 'payment AS document JOIN invoice AS paid ON paid.id = document.invoice_id',
      facts: `paid.legal_entity_code, paid.currency, (document.received_at AT TIME ZONE paid.billing_time_zone)::date,
              document.received_at, paid.invoice_owner_account_id, paid.id`,
      postings: `('CASH', document.amount_minor),
                 ('RECEIVABLES', document.overpaid_minor - document.amount_minor),
                 ('ACCOUNT_CREDIT', -document.overpaid_minor)`,
    }),
    `INSERT INTO revenue_schedule
     SELECT line.invoice_id, line.position, line.subscription_id, document.legal_entity_code, document.currency,
            line.amount_minor, line.service_start, line.service_end, begun.on_day,
            greatest(line.service_end, begun.on_day + 1)
     FROM invoice_line AS line
     JOIN invoice AS document ON document.id = line.invoice_id
     CROSS JOIN LATERAL (
       SELECT greatest(line.service_start, document.issued_on${openedOn === null ? '' : `, DATE '${openedOn}'`}) AS on_day
     ) AS begun
     WHERE line.amount_minor <> 0
     ON CONFLICT DO NOTHING`,
  ];
}

/**
 * The statement that writes the books of commissions, after a seeding: as of documents.
 * @param table where they lie: `id`, `invoice_id`, `amount_minor` and `earned_at`
 */
export function booksOfCommissions(table: string): string {
  return entriesOf({
    kind: 'COMMISSION_EARNED',
    source: `${table} AS document JOIN invoice AS sold ON sold.id = document.invoice_id`,
    facts:
      'sold.legal_entity_code, sold.currency, sold.issued_on, document.earned_at, NULL::uuid, NULL::uuid',
    postings: `('COMMISSION_EXPENSE', document.amount_minor),
               ('COMMISSION_PAYABLE', -document.amount_minor)`,
  });
}

interface DocumentEntries {
  readonly kind: string;
  readonly source: string;
  readonly facts: string;
  readonly postings: string;
}

/** Entries and their postings come with one statement, so that they balance whenever it commits. */
function entriesOf({ kind, source, facts, postings }: DocumentEntries): string {
  return `
    WITH entry AS (
      INSERT INTO ledger_entry
        (id, kind, cause_id, legal_entity_code, currency, booked_on, recorded_at, account_id, invoice_id)
      SELECT gen_random_uuid(), '${kind}', document.id::text, ${facts}
      FROM ${source}
      WHERE EXISTS (SELECT FROM (VALUES ${postings}) AS side (account, minor) WHERE side.minor <> 0)
      ON CONFLICT (kind, cause_id) DO NOTHING
      RETURNING id, cause_id
    )
    INSERT INTO ledger_posting (entry_id, ledger_account, amount_minor)
    SELECT entry.id, side.account, side.minor
    FROM entry JOIN ${source.replace(' AS document', ' AS document ON document.id = entry.cause_id::uuid')}
    CROSS JOIN LATERAL (VALUES ${postings}) AS side (account, minor)
    WHERE side.minor <> 0`;
}

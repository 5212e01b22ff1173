import type { MigrationInterface, QueryRunner } from 'typeorm';
import { booksOfDocuments } from '../ledger-backfill.js';
import { documentTables, ledgerTables } from './ledger-columns.js';

/** Tax on invoices, credit memos, account credit, refunds, write-offs, dunning, and the double-entry ledger behind them all. */
export class Ledger1764000003000 implements MigrationInterface {
  name = 'Ledger1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(invoiceColumns);
    await runner.query(documentTables);
    await runner.query(ledgerTables);
    await runner.query(appendOnly);
    await runner.query(linesSumToTotals);
    await runner.query(entriesBalance);
    await runner.query(periodsStayClosed);
    await runner.query(earnedThrough);
    for (const statement of booksOfDocuments()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE recognized_day, revenue_schedule, accounting_period, ledger_posting, ledger_entry,
                 dunning_step, approval, adjustment, write_off, payment_attempt_outcome, payment_attempt,
                 account_credit_use, refund, account_credit, credit_memo_number, credit_memo_line, credit_memo;
      DROP FUNCTION check_ledger_entry, check_ledger_posting, check_entry_balance(uuid), refuse_closed_period,
                    lock_books, check_credit_memo, check_credit_memo_line, check_credit_memo_total(uuid),
                    earned_through(bigint, date, date, date, date);
      ${linesSumToTotal('amount_minor')}
      ALTER TABLE payment DROP COLUMN overpaid_minor;
      ALTER TABLE invoice DROP COLUMN tax_minor;
      ALTER TABLE invoice_line DROP COLUMN kind, DROP COLUMN tax_rate, DROP COLUMN tax_jurisdiction,
        DROP COLUMN tax_reason, DROP COLUMN tax_minor;
    `);
  }
}

/** What was invoiced until now was charged without tax. */
const invoiceColumns = `
  ALTER TABLE invoice ADD COLUMN tax_minor bigint NOT NULL DEFAULT 0;
  ALTER TABLE invoice ALTER COLUMN tax_minor DROP DEFAULT;
  ALTER TABLE invoice_line
    ADD COLUMN kind text NOT NULL DEFAULT 'CHARGE',
    ADD COLUMN tax_rate numeric NOT NULL DEFAULT 0,
    ADD COLUMN tax_jurisdiction text NOT NULL DEFAULT '',
    ADD COLUMN tax_reason text NOT NULL DEFAULT 'NOT_REGISTERED',
    ADD COLUMN tax_minor bigint NOT NULL DEFAULT 0;
  ALTER TABLE invoice_line
    ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN tax_rate DROP DEFAULT, ALTER COLUMN tax_jurisdiction DROP DEFAULT,
    ALTER COLUMN tax_reason DROP DEFAULT, ALTER COLUMN tax_minor DROP DEFAULT;
  ALTER TABLE payment ADD COLUMN overpaid_minor bigint NOT NULL DEFAULT 0;
  ALTER TABLE payment ALTER COLUMN overpaid_minor DROP DEFAULT;
`;

/** As for the tables of before: a statement that would change history is refused before it looks at a row. */
const appendOnly = [
  'credit_memo',
  'credit_memo_line',
  'account_credit',
  'refund',
  'account_credit_use',
  'payment_attempt',
  'payment_attempt_outcome',
  'write_off',
  'adjustment',
  'approval',
  'dunning_step',
  'ledger_entry',
  'ledger_posting',
  'accounting_period',
  'revenue_schedule',
  'recognized_day',
]
  .map(
    (table) =>
      `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
         FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`,
  )
  .join('\n');

/** @param lineTotal what a line adds to the total */
function linesSumToTotal(lineTotal: string): string {
  return `
    CREATE OR REPLACE FUNCTION check_invoice_total(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      lines bigint := (SELECT sum(${lineTotal}) FROM invoice_line WHERE invoice_id = checked);
      total bigint := (SELECT total_minor FROM invoice WHERE id = checked);
    BEGIN
      IF lines IS DISTINCT FROM total THEN
        RAISE EXCEPTION 'The lines of invoice % come to % and its total is %', checked, lines, total
          USING ERRCODE = 'check_violation';
      END IF;
    END $$;`;
}

/** Looked at when the transaction commits. On a credit memo a credit is negative, and its total is positive. */
const linesSumToTotals = `
  ${linesSumToTotal('amount_minor + tax_minor')}
  CREATE FUNCTION check_credit_memo_total(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    lines bigint := (SELECT -sum(amount_minor + tax_minor) FROM credit_memo_line WHERE credit_memo_id = checked);
    total bigint := (SELECT total_minor FROM credit_memo WHERE id = checked);
  BEGIN
    IF lines IS DISTINCT FROM total THEN
      RAISE EXCEPTION 'The lines of credit memo % give back % and its total is %', checked, lines, total
        USING ERRCODE = 'check_violation';
    END IF;
  END $$;
  CREATE FUNCTION check_credit_memo() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_credit_memo_total(NEW.id); RETURN NULL; END $$;
  CREATE FUNCTION check_credit_memo_line() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_credit_memo_total(NEW.credit_memo_id); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER credit_memo_total AFTER INSERT ON credit_memo
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_credit_memo();
  CREATE CONSTRAINT TRIGGER credit_memo_line_total AFTER INSERT ON credit_memo_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_credit_memo_line();
`;

/** Looked at when the transaction commits: an entry without postings, and a posting that comes later, are refused too. */
const entriesBalance = `
  CREATE FUNCTION check_entry_balance(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    difference numeric := (SELECT sum(amount_minor) FROM ledger_posting WHERE entry_id = checked);
  BEGIN
    IF difference IS DISTINCT FROM 0 THEN
      RAISE EXCEPTION 'The postings of ledger entry % sum to %, not to zero', checked, coalesce(difference::text, 'nothing')
        USING ERRCODE = 'check_violation';
    END IF;
  END $$;
  CREATE FUNCTION check_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_entry_balance(NEW.id); RETURN NULL; END $$;
  CREATE FUNCTION check_ledger_posting() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_entry_balance(NEW.entry_id); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER ledger_entry_balance AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_entry();
  CREATE CONSTRAINT TRIGGER ledger_posting_balance AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_posting();
`;

/**
 * Who posts shares the books of a legal entity until the transaction ends, and who closes a month has them alone: so nothing
 * slips into a month while it is being closed. The number is that of `booksLock` in ledger-books.ts.
 */
const periodsStayClosed = `
  CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    refused record;
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(4003, hashtext(books.code))
      FROM (SELECT DISTINCT legal_entity_code AS code FROM added ORDER BY 1) AS books;
    SELECT added.legal_entity_code, added.booked_on INTO refused
      FROM added JOIN accounting_period AS period ON period.legal_entity_code = added.legal_entity_code
      WHERE added.booked_on < period.month + interval '1 month' LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'The books of % are closed on %', refused.legal_entity_code, refused.booked_on
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER ledger_entry_open_period AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period();
  CREATE FUNCTION lock_books() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(4003, hashtext(NEW.legal_entity_code));
    RETURN NEW;
  END $$;
  CREATE TRIGGER accounting_period_books BEFORE INSERT ON accounting_period
    FOR EACH ROW EXECUTE FUNCTION lock_books();
`;

/** What `earnedThrough` in domain/ledger/revenue-schedule.ts says, for sums over many rows. */
const earnedThrough = `
  CREATE FUNCTION earned_through(net bigint, service_start date, service_end date, recognized_from date, day date)
  RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
      WHEN day < recognized_from THEN 0
      WHEN day + 1 >= service_end THEN net
      ELSE sign(net::numeric) * div(
        2 * abs(net)::numeric * (day + 1 - service_start) + (service_end - service_start),
        2 * (service_end - service_start))
    END
  $$;
`;

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { booksOfDocuments } from '../ledger-backfill.js';

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

const documentTables = `
  CREATE TABLE credit_memo (
    id uuid NOT NULL,
    number text NOT NULL,
    legal_entity_code text NOT NULL,
    sequence_number bigint NOT NULL,
    invoice_owner_account_id uuid NOT NULL,
    billing_time_zone text NOT NULL,
    order_id uuid,
    voids_invoice_id uuid,
    currency text NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    posted_at timestamptz NOT NULL,
    issued_on date NOT NULL,
    CONSTRAINT credit_memo_pkey PRIMARY KEY (id),
    CONSTRAINT credit_memo_voids_invoice_fkey FOREIGN KEY (voids_invoice_id) REFERENCES invoice (id),
    CONSTRAINT credit_memo_positive CHECK (total_minor > 0)
  );
  CREATE UNIQUE INDEX credit_memo_number_key ON credit_memo (number);
  CREATE UNIQUE INDEX credit_memo_sequence ON credit_memo (legal_entity_code, sequence_number);
  CREATE INDEX credit_memo_owner ON credit_memo (invoice_owner_account_id);
  CREATE UNIQUE INDEX credit_memo_order ON credit_memo (order_id, invoice_owner_account_id);
  CREATE UNIQUE INDEX credit_memo_voids ON credit_memo (voids_invoice_id);

  CREATE TABLE credit_memo_line (
    credit_memo_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    subscription_id uuid NOT NULL,
    product_code text NOT NULL,
    description text NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric NOT NULL,
    price_period text NOT NULL,
    service_start date NOT NULL,
    service_end date NOT NULL,
    proration_ratio numeric NOT NULL,
    proration_policy text NOT NULL,
    amount_minor bigint NOT NULL,
    tax_rate numeric NOT NULL,
    tax_jurisdiction text NOT NULL,
    tax_reason text NOT NULL,
    tax_minor bigint NOT NULL,
    CONSTRAINT credit_memo_line_pkey PRIMARY KEY (credit_memo_id, position),
    CONSTRAINT credit_memo_line_credit_memo_fkey FOREIGN KEY (credit_memo_id) REFERENCES credit_memo (id)
  );
  CREATE INDEX credit_memo_line_subscription ON credit_memo_line (subscription_id);

  CREATE TABLE credit_memo_number (
    legal_entity_code text NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT credit_memo_number_pkey PRIMARY KEY (legal_entity_code)
  );

  CREATE TABLE account_credit (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    legal_entity_code text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    source text NOT NULL,
    source_id uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    CONSTRAINT account_credit_pkey PRIMARY KEY (id),
    CONSTRAINT account_credit_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX account_credit_account ON account_credit (account_id);
  CREATE UNIQUE INDEX account_credit_source ON account_credit (source, source_id);

  CREATE TABLE refund (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    from_credit_minor bigint NOT NULL,
    refunded_at timestamptz NOT NULL,
    reference text NOT NULL,
    CONSTRAINT refund_pkey PRIMARY KEY (id),
    CONSTRAINT refund_payment_fkey FOREIGN KEY (payment_id) REFERENCES payment (id),
    CONSTRAINT refund_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX refund_payment ON refund (payment_id);

  CREATE TABLE account_credit_use (
    id uuid NOT NULL,
    credit_id uuid NOT NULL,
    invoice_id uuid,
    refund_id uuid,
    amount_minor bigint NOT NULL,
    used_at timestamptz NOT NULL,
    CONSTRAINT account_credit_use_pkey PRIMARY KEY (id),
    CONSTRAINT account_credit_use_credit_fkey FOREIGN KEY (credit_id) REFERENCES account_credit (id),
    CONSTRAINT account_credit_use_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id),
    CONSTRAINT account_credit_use_refund_fkey FOREIGN KEY (refund_id) REFERENCES refund (id),
    CONSTRAINT account_credit_use_positive CHECK (amount_minor > 0),
    CONSTRAINT account_credit_use_purpose CHECK ((invoice_id IS NULL) <> (refund_id IS NULL))
  );
  CREATE INDEX account_credit_use_credit ON account_credit_use (credit_id);
  CREATE INDEX account_credit_use_invoice ON account_credit_use (invoice_id);

  CREATE TABLE payment_attempt (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    payment_method_token text NOT NULL,
    started_at timestamptz NOT NULL,
    CONSTRAINT payment_attempt_pkey PRIMARY KEY (id),
    CONSTRAINT payment_attempt_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id),
    CONSTRAINT payment_attempt_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX payment_attempt_invoice ON payment_attempt (invoice_id);

  CREATE TABLE payment_attempt_outcome (
    attempt_id uuid NOT NULL,
    status text NOT NULL,
    detail text NOT NULL,
    settled_at timestamptz NOT NULL,
    CONSTRAINT payment_attempt_outcome_pkey PRIMARY KEY (attempt_id),
    CONSTRAINT payment_attempt_outcome_attempt_fkey FOREIGN KEY (attempt_id) REFERENCES payment_attempt (id)
  );

  CREATE TABLE write_off (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    reason text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    CONSTRAINT write_off_pkey PRIMARY KEY (id),
    CONSTRAINT write_off_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id),
    CONSTRAINT write_off_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX write_off_invoice ON write_off (invoice_id);

  CREATE TABLE adjustment (
    id uuid NOT NULL,
    legal_entity_code text NOT NULL,
    currency text NOT NULL,
    debit text NOT NULL,
    credit text NOT NULL,
    amount_minor bigint NOT NULL,
    booked_on date NOT NULL,
    reason text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    CONSTRAINT adjustment_pkey PRIMARY KEY (id),
    CONSTRAINT adjustment_positive CHECK (amount_minor > 0)
  );

  CREATE TABLE approval (
    request_id uuid NOT NULL,
    requested_by text NOT NULL,
    approved_by text NOT NULL,
    approved_at timestamptz NOT NULL,
    CONSTRAINT approval_pkey PRIMARY KEY (request_id),
    CONSTRAINT approval_second_person CHECK (approved_by <> requested_by)
  );

  CREATE TABLE dunning_step (
    invoice_id uuid NOT NULL,
    step text NOT NULL,
    taken_on date NOT NULL,
    taken_at timestamptz NOT NULL,
    CONSTRAINT dunning_step_pkey PRIMARY KEY (invoice_id, step),
    CONSTRAINT dunning_step_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id)
  );
`;

const ledgerTables = `
  CREATE TABLE ledger_entry (
    id uuid NOT NULL,
    kind text NOT NULL,
    cause_id text NOT NULL,
    legal_entity_code text NOT NULL,
    currency text NOT NULL,
    booked_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    account_id uuid,
    invoice_id uuid,
    CONSTRAINT ledger_entry_pkey PRIMARY KEY (id)
  );
  CREATE UNIQUE INDEX ledger_entry_cause ON ledger_entry (kind, cause_id);
  CREATE INDEX ledger_entry_books ON ledger_entry (legal_entity_code, currency, booked_on);
  CREATE INDEX ledger_entry_account ON ledger_entry (account_id) WHERE account_id IS NOT NULL;
  CREATE INDEX ledger_entry_invoice ON ledger_entry (invoice_id) WHERE invoice_id IS NOT NULL;

  CREATE TABLE ledger_posting (
    entry_id uuid NOT NULL,
    ledger_account text NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT ledger_posting_pkey PRIMARY KEY (entry_id, ledger_account),
    CONSTRAINT ledger_posting_entry_fkey FOREIGN KEY (entry_id) REFERENCES ledger_entry (id),
    CONSTRAINT ledger_posting_moves CHECK (amount_minor <> 0)
  );

  CREATE TABLE accounting_period (
    legal_entity_code text NOT NULL,
    month date NOT NULL,
    closed_at timestamptz NOT NULL,
    closed_by text NOT NULL,
    CONSTRAINT accounting_period_pkey PRIMARY KEY (legal_entity_code, month),
    CONSTRAINT accounting_period_first_day CHECK (EXTRACT(day FROM month) = 1)
  );

  CREATE TABLE revenue_schedule (
    document_id uuid NOT NULL,
    position integer NOT NULL,
    subscription_id uuid NOT NULL,
    books_code text NOT NULL,
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    service_start date NOT NULL,
    service_end date NOT NULL,
    recognized_from date NOT NULL,
    recognized_until date NOT NULL,
    CONSTRAINT revenue_schedule_pkey PRIMARY KEY (document_id, position)
  );
  CREATE INDEX revenue_schedule_books ON revenue_schedule (books_code, currency, recognized_until);

  CREATE TABLE recognized_day (
    books_code text NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT recognized_day_pkey PRIMARY KEY (books_code, currency, day)
  );
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

import type { MigrationInterface, QueryRunner } from 'typeorm';

const versionColumns = `
  subscription_id uuid NOT NULL,
  version integer NOT NULL,
  cause text NOT NULL,
  order_id uuid,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL,
  effective_on date NOT NULL,
  account_id uuid NOT NULL,
  invoice_owner_account_id uuid NOT NULL,
  partner_of_record_id uuid,
  distributor_id uuid,
  billing_time_zone text NOT NULL,
  trial boolean NOT NULL,
  auto_renewal boolean NOT NULL,
  term_start date NOT NULL,
  term_end date NOT NULL,
  term_months integer,
  canceled_on date,
  plan_code text NOT NULL,
  quantity integer NOT NULL,
  items jsonb NOT NULL`;

/** Accounts as known here, subscriptions with their history, and invoices with what was paid. */
export class SubscriptionsTables1764000001000 implements MigrationInterface {
  name = 'SubscriptionsTables1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(subscriptionTables);
    await runner.query(invoiceTables);
    await runner.query(orderTables);
    await runner.query(appendOnly);
    await runner.query(linesSumToTotal);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE order_outcome, waiting_order, invoice_number, payment, invoice_line, invoice,
                 billing_subscription_head, billing_subscription_version, billing_subscription, account;
      DROP SEQUENCE billing_subscription_number;
      DROP FUNCTION check_invoice_lines, check_invoice, check_invoice_total(uuid), refuse_change;
    `);
  }
}

const subscriptionTables = `
  CREATE TABLE account (
    id uuid NOT NULL,
    name text NOT NULL,
    country_code text NOT NULL,
    billing_time_zone text NOT NULL,
    currency text NOT NULL,
    legal_entity_code text NOT NULL,
    payment_terms_days integer NOT NULL,
    CONSTRAINT account_pkey PRIMARY KEY (id)
  );

  CREATE SEQUENCE billing_subscription_number;

  CREATE TABLE billing_subscription (
    id uuid NOT NULL,
    number text NOT NULL,
    deployment_id uuid NOT NULL,
    deployment_kind text NOT NULL,
    deployment_external_id text NOT NULL,
    deployment_name text NOT NULL,
    currency text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT billing_subscription_pkey PRIMARY KEY (id)
  );
  CREATE UNIQUE INDEX billing_subscription_number_key ON billing_subscription (number);

  CREATE TABLE billing_subscription_version (${versionColumns},
    CONSTRAINT billing_subscription_version_pkey PRIMARY KEY (subscription_id, version),
    CONSTRAINT billing_subscription_version_subscription_fkey
      FOREIGN KEY (subscription_id) REFERENCES billing_subscription (id),
    CONSTRAINT billing_subscription_version_from_1 CHECK (version >= 1),
    CONSTRAINT billing_subscription_version_term CHECK (term_start < term_end)
  );

  CREATE TABLE billing_subscription_head (${versionColumns},
    CONSTRAINT billing_subscription_head_pkey PRIMARY KEY (subscription_id),
    CONSTRAINT billing_subscription_head_subscription_fkey
      FOREIGN KEY (subscription_id) REFERENCES billing_subscription (id)
  );
  CREATE INDEX billing_subscription_head_account ON billing_subscription_head (account_id);
  CREATE INDEX billing_subscription_head_partner ON billing_subscription_head (partner_of_record_id);
  CREATE INDEX billing_subscription_head_renewal ON billing_subscription_head (term_end, subscription_id)
    WHERE canceled_on IS NULL;
`;

const invoiceTables = `
  CREATE TABLE invoice_number (
    legal_entity_code text NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT invoice_number_pkey PRIMARY KEY (legal_entity_code)
  );

  CREATE TABLE invoice (
    id uuid NOT NULL,
    number text NOT NULL,
    legal_entity_code text NOT NULL,
    sequence_number bigint NOT NULL,
    invoice_owner_account_id uuid NOT NULL,
    billing_time_zone text NOT NULL,
    order_id uuid,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    posted_at timestamptz NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    CONSTRAINT invoice_pkey PRIMARY KEY (id)
  );
  CREATE UNIQUE INDEX invoice_number_key ON invoice (number);
  CREATE UNIQUE INDEX invoice_sequence ON invoice (legal_entity_code, sequence_number);
  CREATE INDEX invoice_owner ON invoice (invoice_owner_account_id);
  CREATE UNIQUE INDEX invoice_order ON invoice (order_id, invoice_owner_account_id);

  CREATE TABLE invoice_line (
    invoice_id uuid NOT NULL,
    position integer NOT NULL,
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
    CONSTRAINT invoice_line_pkey PRIMARY KEY (invoice_id, position),
    CONSTRAINT invoice_line_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id),
    CONSTRAINT invoice_line_subscription_fkey
      FOREIGN KEY (subscription_id) REFERENCES billing_subscription (id)
  );
  CREATE INDEX invoice_line_subscription ON invoice_line (subscription_id);

  CREATE TABLE payment (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    received_at timestamptz NOT NULL,
    reference text NOT NULL,
    CONSTRAINT payment_pkey PRIMARY KEY (id),
    CONSTRAINT payment_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id)
  );
  CREATE INDEX payment_invoice ON payment (invoice_id);
`;

const orderTables = `
  CREATE TABLE waiting_order (
    order_id uuid NOT NULL,
    account_id uuid NOT NULL,
    invoice_owner_account_id uuid NOT NULL,
    payload jsonb NOT NULL,
    CONSTRAINT waiting_order_pkey PRIMARY KEY (order_id)
  );
  CREATE INDEX waiting_order_account ON waiting_order (account_id);
  CREATE INDEX waiting_order_invoice_owner ON waiting_order (invoice_owner_account_id);

  CREATE TABLE order_outcome (
    order_id uuid NOT NULL,
    outcome text NOT NULL,
    reason text,
    decided_at timestamptz NOT NULL,
    CONSTRAINT order_outcome_pkey PRIMARY KEY (order_id)
  );
`;

/** A statement that would change history is refused before it looks at a row. */
const appendOnly = `
  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed: a correction is a new row', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END $$;
  ${[
    'billing_subscription',
    'billing_subscription_version',
    'invoice',
    'invoice_line',
    'payment',
    'order_outcome',
  ]
    .map(
      (table) =>
        `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`,
    )
    .join('\n')}
`;

/** Looked at when the transaction commits, so that an invoice and its lines can be written in any order. */
const linesSumToTotal = `
  CREATE FUNCTION check_invoice_total(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    lines bigint := (SELECT sum(amount_minor) FROM invoice_line WHERE invoice_id = checked);
    total bigint := (SELECT total_minor FROM invoice WHERE id = checked);
  BEGIN
    IF lines IS DISTINCT FROM total THEN
      RAISE EXCEPTION 'The lines of invoice % come to % and its total is %', checked, lines, total
        USING ERRCODE = 'check_violation';
    END IF;
  END $$;
  CREATE FUNCTION check_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_invoice_total(NEW.id); RETURN NULL; END $$;
  CREATE FUNCTION check_invoice_lines() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_invoice_total(NEW.invoice_id); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER invoice_total AFTER INSERT ON invoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice();
  CREATE CONSTRAINT TRIGGER invoice_line_total AFTER INSERT ON invoice_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice_lines();
`;

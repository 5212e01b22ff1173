import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quotes with their steps, checkouts, and what the simulated payment provider keeps. */
export class QuotesAndCheckouts1764000002100 implements MigrationInterface {
  name = 'QuotesAndCheckouts1764000002100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(quoteTables);
    await runner.query(checkoutTables);
    await runner.query(`CREATE INDEX orders_by_purchase_order_number ON orders (purchase_order_number)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX orders_by_purchase_order_number;
      DROP TABLE simulated_payment, checkout, quote_event, quote;
      DROP SEQUENCE quote_number;
    `);
  }
}

const quoteTables = `
  CREATE SEQUENCE quote_number;

  CREATE TABLE quote (
    id uuid NOT NULL,
    first_revision_id uuid NOT NULL,
    number text NOT NULL,
    revision integer NOT NULL,
    state text NOT NULL,
    account_id uuid NOT NULL,
    invoice_owner_account_id uuid NOT NULL,
    partner_id uuid,
    distributor_id uuid,
    seller_id uuid,
    maker text NOT NULL,
    purchase_order_number text,
    request jsonb NOT NULL,
    draft jsonb NOT NULL,
    valid_until date NOT NULL,
    expires_at timestamptz NOT NULL,
    needs_approval boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    order_id uuid,
    CONSTRAINT quote_pkey PRIMARY KEY (id),
    CONSTRAINT quote_account FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT quote_invoice_owner FOREIGN KEY (invoice_owner_account_id) REFERENCES account (id),
    CONSTRAINT quote_became FOREIGN KEY (order_id) REFERENCES orders (id)
  );
  CREATE UNIQUE INDEX quote_number_revision ON quote (number, revision);
  CREATE UNIQUE INDEX quote_revisions ON quote (first_revision_id, revision);
  CREATE UNIQUE INDEX quote_order ON quote (order_id);
  CREATE INDEX quote_by_age ON quote (created_at, id);
  CREATE INDEX quote_by_end ON quote (valid_until, id);
  CREATE INDEX quote_by_account ON quote (account_id, created_at, id);
  CREATE INDEX quote_by_purchase_order_number ON quote (purchase_order_number);

  CREATE TABLE quote_event (
    quote_id uuid NOT NULL,
    position integer NOT NULL,
    step text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    reason text,
    CONSTRAINT quote_event_pkey PRIMARY KEY (quote_id, position),
    CONSTRAINT quote_event_quote FOREIGN KEY (quote_id) REFERENCES quote (id)
  );
  CREATE UNIQUE INDEX quote_event_once ON quote_event (quote_id, step);
`;

const checkoutTables = `
  CREATE TABLE checkout (
    id uuid NOT NULL,
    status text NOT NULL,
    account_id uuid NOT NULL,
    request jsonb NOT NULL,
    draft jsonb NOT NULL,
    return_url text NOT NULL,
    url text,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    payment_reference text,
    order_id uuid,
    problem jsonb,
    version integer NOT NULL,
    checked_at timestamptz NOT NULL,
    CONSTRAINT checkout_pkey PRIMARY KEY (id),
    CONSTRAINT checkout_account FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT checkout_became FOREIGN KEY (order_id) REFERENCES orders (id)
  );
  CREATE UNIQUE INDEX checkout_order ON checkout (order_id);
  CREATE INDEX checkout_by_check ON checkout (status, checked_at);

  CREATE TABLE simulated_payment (
    reference uuid NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    return_url text NOT NULL,
    expires_at timestamptz NOT NULL,
    method text,
    refunded_at timestamptz,
    CONSTRAINT simulated_payment_pkey PRIMARY KEY (reference)
  );
`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, the price list, orders, and what other services told that orders needs to decide. */
export class OrdersTables1764000001000 implements MigrationInterface {
  name = 'OrdersTables1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account (
        id uuid NOT NULL,
        name text NOT NULL,
        country_code text NOT NULL,
        billing_time_zone text NOT NULL,
        currency text NOT NULL,
        segment text NOT NULL,
        legal_entity_code text NOT NULL,
        payment_terms_days integer NOT NULL,
        created_at timestamptz NOT NULL,
        version integer NOT NULL,
        CONSTRAINT account_pkey PRIMARY KEY (id)
      );
      CREATE INDEX account_by_name ON account (name, id);
      CREATE INDEX account_by_age ON account (created_at, id);

      CREATE TABLE contact (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        role text NOT NULL,
        CONSTRAINT contact_pkey PRIMARY KEY (id),
        CONSTRAINT contact_account FOREIGN KEY (account_id) REFERENCES account (id)
      );
      CREATE INDEX contact_by_account ON contact (account_id);
    `);
    await runner.query(`
      CREATE TABLE price_list (
        version integer NOT NULL,
        loaded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT price_list_pkey PRIMARY KEY (version)
      );

      CREATE TABLE product (
        code text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        description text NOT NULL,
        rank integer,
        minimum_quantity integer NOT NULL,
        deployment_kinds jsonb NOT NULL,
        orderable boolean NOT NULL,
        features jsonb NOT NULL,
        version integer NOT NULL,
        CONSTRAINT product_pkey PRIMARY KEY (code)
      );

      CREATE TABLE price (
        id uuid NOT NULL,
        product_code text NOT NULL,
        position integer NOT NULL,
        unit_price text NOT NULL,
        currency text NOT NULL,
        unit text NOT NULL,
        unit_size integer NOT NULL,
        price_period text NOT NULL,
        billing_period text NOT NULL,
        valid_from date NOT NULL,
        valid_until date,
        source text NOT NULL,
        CONSTRAINT price_pkey PRIMARY KEY (id),
        CONSTRAINT price_product FOREIGN KEY (product_code) REFERENCES product (code)
      );
      CREATE INDEX price_by_product ON price (product_code);
    `);
    await runner.query(`
      CREATE SEQUENCE order_number;

      CREATE TABLE orders (
        id uuid NOT NULL,
        number text NOT NULL,
        status text NOT NULL,
        account_id uuid NOT NULL,
        invoice_owner_account_id uuid NOT NULL,
        partner_id uuid,
        distributor_id uuid,
        currency text NOT NULL,
        effective_date date NOT NULL,
        placed_at timestamptz NOT NULL,
        placed_by text NOT NULL,
        purchase_order_number text,
        total_minor bigint NOT NULL,
        refusal_reason text,
        version integer NOT NULL,
        CONSTRAINT orders_pkey PRIMARY KEY (id),
        CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES account (id),
        CONSTRAINT orders_invoice_owner FOREIGN KEY (invoice_owner_account_id) REFERENCES account (id)
      );
      CREATE UNIQUE INDEX orders_number ON orders (number);
      CREATE INDEX orders_by_age ON orders (placed_at, id);
      CREATE INDEX orders_by_account ON orders (account_id, placed_at, id);
      CREATE INDEX orders_by_partner ON orders (partner_id, placed_at, id);
      CREATE INDEX orders_by_distributor ON orders (distributor_id, placed_at, id);

      CREATE TABLE order_action (
        id uuid NOT NULL,
        order_id uuid NOT NULL,
        position integer NOT NULL,
        kind text NOT NULL,
        subscription_id uuid NOT NULL,
        deployment_id uuid,
        open boolean NOT NULL,
        details jsonb NOT NULL,
        CONSTRAINT order_action_pkey PRIMARY KEY (id),
        CONSTRAINT order_action_order FOREIGN KEY (order_id) REFERENCES orders (id)
      );
      CREATE UNIQUE INDEX order_action_place ON order_action (order_id, position);
      CREATE INDEX order_action_by_deployment ON order_action (deployment_id);
      CREATE UNIQUE INDEX order_action_open ON order_action (deployment_id) WHERE open;

      CREATE TABLE order_line (
        order_id uuid NOT NULL,
        position integer NOT NULL,
        action_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        product_code text NOT NULL,
        product_name text NOT NULL,
        quantity integer NOT NULL,
        unit_price text NOT NULL,
        price_period text NOT NULL,
        service_start date NOT NULL,
        service_end date NOT NULL,
        proration_ratio text NOT NULL,
        proration_policy text NOT NULL,
        amount_minor bigint NOT NULL,
        CONSTRAINT order_line_pkey PRIMARY KEY (order_id, position),
        CONSTRAINT order_line_order FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT order_line_action FOREIGN KEY (action_id) REFERENCES order_action (id)
      );

      CREATE TABLE fulfillment_step (
        id uuid NOT NULL,
        order_id uuid NOT NULL,
        subscription_id uuid,
        kind text NOT NULL,
        status text NOT NULL,
        at timestamptz NOT NULL,
        reason text,
        CONSTRAINT fulfillment_step_pkey PRIMARY KEY (id),
        CONSTRAINT fulfillment_step_order FOREIGN KEY (order_id) REFERENCES orders (id)
      );
      CREATE INDEX fulfillment_step_by_order ON fulfillment_step (order_id);
    `);
    await runner.query(`
      CREATE TABLE known_partner (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        account_id uuid NOT NULL,
        distributor_id uuid,
        CONSTRAINT known_partner_pkey PRIMARY KEY (id)
      );

      CREATE TABLE known_subscription (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        end_date date NOT NULL,
        auto_renewal boolean NOT NULL,
        canceled_on date,
        CONSTRAINT known_subscription_pkey PRIMARY KEY (id)
      );
      CREATE INDEX known_subscription_by_deployment ON known_subscription (deployment_id);

      CREATE TABLE known_deployment (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        kind text NOT NULL,
        external_id text NOT NULL,
        name text NOT NULL,
        CONSTRAINT known_deployment_pkey PRIMARY KEY (id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE known_deployment, known_subscription, known_partner, fulfillment_step, order_line, order_action,
        orders, price, product, price_list, contact, account;
      DROP SEQUENCE order_number;
    `);
  }
}

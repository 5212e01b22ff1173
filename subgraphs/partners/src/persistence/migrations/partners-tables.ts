import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners, what was agreed with them, whom they sell to and what they earn. */
export class PartnersTables1764000004000 implements MigrationInterface {
  name = 'PartnersTables1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partner (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        contact_email text NOT NULL,
        account_id uuid NOT NULL,
        distributor_id uuid,
        time_zone text NOT NULL,
        registered_at timestamptz NOT NULL,
        version integer NOT NULL,
        CONSTRAINT partner_pkey PRIMARY KEY (id),
        CONSTRAINT partner_account UNIQUE (account_id),
        CONSTRAINT partner_tier CHECK (kind = 'RESELLER' OR (kind = 'DISTRIBUTOR' AND distributor_id IS NULL)),
        CONSTRAINT partner_distributor FOREIGN KEY (distributor_id) REFERENCES partner (id)
      );
      CREATE INDEX partner_by_name ON partner (name, id);
      CREATE INDEX partner_by_distributor ON partner (distributor_id);

      CREATE TABLE partner_agreement (
        id uuid NOT NULL,
        partner_id uuid NOT NULL,
        start_date date NOT NULL,
        end_date date NOT NULL,
        commission_rate_percent numeric NOT NULL,
        CONSTRAINT partner_agreement_pkey PRIMARY KEY (id),
        CONSTRAINT partner_agreement_start UNIQUE (partner_id, start_date),
        CONSTRAINT partner_agreement_days CHECK (start_date < end_date),
        CONSTRAINT partner_agreement_partner FOREIGN KEY (partner_id) REFERENCES partner (id)
      );

      CREATE TABLE customer_relationship (
        id uuid NOT NULL,
        partner_id uuid NOT NULL,
        account_id uuid NOT NULL,
        since date NOT NULL,
        until date,
        version integer NOT NULL,
        CONSTRAINT customer_relationship_pkey PRIMARY KEY (id),
        CONSTRAINT customer_relationship_start UNIQUE (account_id, partner_id, since),
        CONSTRAINT customer_relationship_days CHECK (since < until),
        CONSTRAINT customer_relationship_partner FOREIGN KEY (partner_id) REFERENCES partner (id)
      );
      CREATE INDEX customer_relationship_by_partner ON customer_relationship (partner_id, since, id);

      CREATE TABLE commission (
        id uuid NOT NULL,
        partner_id uuid NOT NULL,
        order_id uuid,
        invoice_id uuid NOT NULL,
        currency text NOT NULL,
        base_minor bigint NOT NULL,
        rate_percent numeric NOT NULL,
        amount_minor bigint NOT NULL,
        earned_at timestamptz NOT NULL,
        CONSTRAINT commission_pkey PRIMARY KEY (id),
        CONSTRAINT commission_invoice UNIQUE (invoice_id, partner_id),
        CONSTRAINT commission_partner FOREIGN KEY (partner_id) REFERENCES partner (id)
      );
      CREATE INDEX commission_by_partner ON commission (partner_id, earned_at, id);
      CREATE INDEX commission_by_order ON commission (order_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE commission, customer_relationship, partner_agreement, partner');
  }
}

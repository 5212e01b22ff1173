import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoices of billing runs that people look at before they are posted. */
export class InvoiceDrafts1764000006500 implements MigrationInterface {
  name = 'InvoiceDrafts1764000006500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invoice_draft (
        id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        legal_entity_code text NOT NULL,
        invoice_owner_account_id uuid NOT NULL,
        partner_id uuid,
        currency text NOT NULL,
        tax_minor bigint NOT NULL,
        total_minor bigint NOT NULL,
        fell_due_on date NOT NULL,
        lines jsonb NOT NULL,
        drafted_at timestamptz NOT NULL,
        posts_at timestamptz NOT NULL,
        discarded_by text,
        CONSTRAINT invoice_draft_pkey PRIMARY KEY (id)
      );
      CREATE INDEX invoice_draft_posts_at ON invoice_draft (posts_at);
      CREATE INDEX invoice_draft_subscription ON invoice_draft (subscription_id);
      CREATE INDEX invoice_draft_owner ON invoice_draft (invoice_owner_account_id);

      CREATE TABLE invoice_review (
        scope text NOT NULL,
        scope_id text NOT NULL,
        days integer NOT NULL,
        set_by text NOT NULL,
        set_at timestamptz NOT NULL,
        CONSTRAINT invoice_review_pkey PRIMARY KEY (scope, scope_id),
        CONSTRAINT invoice_review_days CHECK (days >= 0)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE invoice_review, invoice_draft');
  }
}

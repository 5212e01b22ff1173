import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How seats are used, what was agreed about use beyond them, and what was settled. */
export class SeatReconciliation1764000007400 implements MigrationInterface {
  name = 'SeatReconciliation1764000007400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE seat_usage (
        subscription_id uuid NOT NULL,
        term_start date NOT NULL,
        term_end date NOT NULL,
        account_id uuid NOT NULL,
        sequence integer NOT NULL,
        used integer NOT NULL,
        maximum integer NOT NULL,
        quarters jsonb NOT NULL,
        reported_at timestamptz NOT NULL,
        reconcile_on date NOT NULL,
        reconcile_at timestamptz NOT NULL,
        CONSTRAINT seat_usage_pkey PRIMARY KEY (subscription_id, term_start)
      );
      CREATE INDEX seat_usage_reconcile_at ON seat_usage (reconcile_at);
      CREATE INDEX seat_usage_account ON seat_usage (account_id);

      CREATE TABLE reconciliation_terms (
        account_id uuid NOT NULL,
        mode text NOT NULL,
        set_by text NOT NULL,
        set_at timestamptz NOT NULL,
        CONSTRAINT reconciliation_terms_pkey PRIMARY KEY (account_id),
        CONSTRAINT reconciliation_terms_mode CHECK (mode IN ('QUARTERLY', 'TRUE_UP', 'OFF'))
      );

      CREATE TABLE seat_reconciliation (
        subscription_id uuid NOT NULL,
        term_start date NOT NULL,
        due_on date NOT NULL,
        kind text NOT NULL,
        maximum integer NOT NULL,
        agreed integer NOT NULL,
        seats integer NOT NULL,
        document_id uuid,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT seat_reconciliation_pkey PRIMARY KEY (subscription_id, term_start, due_on),
        CONSTRAINT seat_reconciliation_kind CHECK (kind IN ('QUARTERLY', 'TRUE_UP'))
      );
      CREATE TRIGGER seat_reconciliation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seat_reconciliation
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seat_reconciliation, reconciliation_terms, seat_usage');
  }
}

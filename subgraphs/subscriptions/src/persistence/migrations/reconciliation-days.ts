import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Seats are settled by their days: the highest use of each, the terms of an account from a day on, and what every day of
 * reconciliation came to, also where it was off. Of a quarter that was told as one number, that is the use of its first day.
 */
export class ReconciliationDays1764000010210 implements MigrationInterface {
  name = 'ReconciliationDays1764000010210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE seat_usage ADD COLUMN days jsonb NOT NULL DEFAULT '[]';
      UPDATE seat_usage SET days = (
        SELECT COALESCE(jsonb_agg(jsonb_build_array(q->>'start', (q->>'start')::date + 1, q->'maximum')), '[]')
        FROM jsonb_array_elements(quarters) AS q WHERE (q->>'maximum')::integer > 0);
      ALTER TABLE seat_usage ALTER COLUMN days DROP DEFAULT, DROP COLUMN quarters, DROP COLUMN maximum;

      ALTER TABLE reconciliation_terms
        DROP CONSTRAINT reconciliation_terms_pkey,
        ADD COLUMN number bigserial CONSTRAINT reconciliation_terms_pkey PRIMARY KEY,
        ADD COLUMN from_on date,
        ALTER COLUMN mode DROP NOT NULL;
      UPDATE reconciliation_terms SET from_on = (set_at AT TIME ZONE 'UTC')::date;
      ALTER TABLE reconciliation_terms ALTER COLUMN from_on SET NOT NULL;
      CREATE INDEX reconciliation_terms_account ON reconciliation_terms (account_id, number);
      CREATE TRIGGER reconciliation_terms_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reconciliation_terms
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      ALTER TABLE seat_reconciliation DISABLE TRIGGER seat_reconciliation_append_only;
      ALTER TABLE seat_reconciliation ADD COLUMN settled_on date;
      UPDATE seat_reconciliation SET settled_on = GREATEST(due_on, (recorded_at AT TIME ZONE 'UTC')::date);
      ALTER TABLE seat_reconciliation
        ALTER COLUMN settled_on SET NOT NULL,
        DROP CONSTRAINT seat_reconciliation_kind,
        ADD CONSTRAINT seat_reconciliation_kind CHECK (kind IN ('QUARTERLY', 'TRUE_UP', 'OFF'));
      ALTER TABLE seat_reconciliation ENABLE TRIGGER seat_reconciliation_append_only;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE seat_reconciliation DISABLE TRIGGER seat_reconciliation_append_only;
      DELETE FROM seat_reconciliation WHERE kind = 'OFF';
      ALTER TABLE seat_reconciliation
        DROP COLUMN settled_on,
        DROP CONSTRAINT seat_reconciliation_kind,
        ADD CONSTRAINT seat_reconciliation_kind CHECK (kind IN ('QUARTERLY', 'TRUE_UP'));
      ALTER TABLE seat_reconciliation ENABLE TRIGGER seat_reconciliation_append_only;

      DROP TRIGGER reconciliation_terms_append_only ON reconciliation_terms;
      DELETE FROM reconciliation_terms AS t WHERE t.mode IS NULL
        OR EXISTS (SELECT FROM reconciliation_terms AS n WHERE n.account_id = t.account_id AND n.number > t.number);
      DROP INDEX reconciliation_terms_account;
      ALTER TABLE reconciliation_terms
        DROP CONSTRAINT reconciliation_terms_pkey, DROP COLUMN number, DROP COLUMN from_on,
        ALTER COLUMN mode SET NOT NULL, ADD CONSTRAINT reconciliation_terms_pkey PRIMARY KEY (account_id);

      ALTER TABLE seat_usage ADD COLUMN maximum integer NOT NULL DEFAULT 0, ADD COLUMN quarters jsonb NOT NULL DEFAULT '[]';
      ALTER TABLE seat_usage ALTER COLUMN maximum DROP DEFAULT, ALTER COLUMN quarters DROP DEFAULT, DROP COLUMN days;
    `);
  }
}

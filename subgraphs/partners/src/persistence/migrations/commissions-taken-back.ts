import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Commissions are taken back at the rate at which they were earned, and told to those who keep the books. */
export class CommissionsTakenBack1764000005000 implements MigrationInterface {
  name = 'CommissionsTakenBack1764000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE commission ADD COLUMN reverses_invoice_id uuid;
      ALTER TABLE commission DROP CONSTRAINT commission_invoice;
      CREATE INDEX commission_by_invoice ON commission (invoice_id);
      CREATE INDEX commission_by_reversed ON commission (reverses_invoice_id);
    `);
    await runner.query(toldOfBefore);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM commission WHERE reverses_invoice_id IS NOT NULL;
      DROP INDEX commission_by_invoice;
      ALTER TABLE commission DROP COLUMN reverses_invoice_id;
      ALTER TABLE commission ADD CONSTRAINT commission_invoice UNIQUE (invoice_id, partner_id);
    `);
  }
}

/** What was earned until now goes into the books too: a fact each, numbered within the partner in the order of earning. */
const toldOfBefore = `
  WITH told AS (
    INSERT INTO outbox (id, topic, kind, aggregate_id, sequence, occurred_at, request_id, payload)
    SELECT gen_random_uuid(), 'partners.commission-earned', 'FACT', c.partner_id::text,
           row_number() OVER (PARTITION BY c.partner_id ORDER BY c.earned_at, c.id), c.earned_at, 'migration',
           jsonb_build_object(
             'id', c.id, 'partnerId', c.partner_id, 'invoiceId', c.invoice_id,
             'amount', jsonb_build_object('minor', c.amount_minor::text, 'currency', c.currency),
             'earnedAt', to_char(c.earned_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    FROM commission AS c ORDER BY c.earned_at, c.id
    RETURNING aggregate_id, sequence
  )
  INSERT INTO fact_sequence (topic, aggregate_id, last)
  SELECT 'partners.commission-earned', aggregate_id, max(sequence) FROM told GROUP BY aggregate_id`;

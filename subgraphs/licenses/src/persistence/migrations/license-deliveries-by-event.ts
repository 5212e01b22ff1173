import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Licenses are sent by an event that licenses tells itself; those that were not sent by now are told of. */
export class LicenseDeliveriesByEvent1764000010300 implements MigrationInterface {
  name = 'LicenseDeliveriesByEvent1764000010300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE license_delivery SET state = 'PENDING' WHERE state = 'FAILED';
      ALTER TABLE license_delivery DROP COLUMN next_attempt_at;

      INSERT INTO fact_sequence (topic, aggregate_id, last)
      SELECT 'licenses.license-delivery', license_id::text, 1 FROM license_delivery WHERE state = 'PENDING';

      INSERT INTO outbox (id, topic, kind, aggregate_id, sequence, occurred_at, request_id, payload)
      SELECT gen_random_uuid(), 'licenses.license-delivery', 'SNAPSHOT', license_id::text, 1, now(), 'migration',
             jsonb_build_object('licenseId', license_id, 'accountId', account_id)
      FROM license_delivery WHERE state = 'PENDING';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE license_delivery ADD COLUMN next_attempt_at timestamptz;
      UPDATE license_delivery SET next_attempt_at = now() WHERE state = 'PENDING';
      CREATE INDEX license_delivery_due ON license_delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
    `);
  }
}

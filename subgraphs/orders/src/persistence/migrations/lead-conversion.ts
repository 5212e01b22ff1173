import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A lead knows the order by which it was converted, and after it comes the next lead of the same person. */
export class LeadConversion1764000010101 implements MigrationInterface {
  name = 'LeadConversion1764000010101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE lead
        ADD COLUMN number integer NOT NULL DEFAULT 1,
        ADD COLUMN order_id uuid,
        ADD CONSTRAINT lead_order FOREIGN KEY (order_id) REFERENCES orders (id);
      ALTER TABLE lead ALTER COLUMN number DROP DEFAULT;
      DROP INDEX lead_person;
      CREATE UNIQUE INDEX lead_person ON lead (email, deployment_id, number);
      ALTER TABLE lead_event ADD COLUMN order_id uuid;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM lead_delivery WHERE lead_id IN (SELECT id FROM lead WHERE number > 1);
      DELETE FROM lead_event WHERE lead_id IN (SELECT id FROM lead WHERE number > 1);
      DELETE FROM lead WHERE number > 1;
      ALTER TABLE lead_event DROP COLUMN order_id;
      DROP INDEX lead_person;
      CREATE UNIQUE INDEX lead_person ON lead (email, deployment_id);
      ALTER TABLE lead DROP COLUMN number, DROP COLUMN order_id;
    `);
  }
}

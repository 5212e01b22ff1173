import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners as the partners service tells them, to show who sells a subscription. */
export class Partners1764000010250 implements MigrationInterface {
  name = 'Partners1764000010250';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partner (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        contact_email text NOT NULL,
        distributor_id uuid,
        CONSTRAINT partner_pkey PRIMARY KEY (id)
      );
      CREATE INDEX partner_distributor ON partner (distributor_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE partner');
  }
}

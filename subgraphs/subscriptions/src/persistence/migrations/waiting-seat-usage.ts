import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What licenses tells of a term is kept until a version of the term is known. */
export class WaitingSeatUsage1764000010220 implements MigrationInterface {
  name = 'WaitingSeatUsage1764000010220';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE waiting_seat_usage (
        subscription_id uuid NOT NULL,
        term_start date NOT NULL,
        sequence integer NOT NULL,
        payload jsonb NOT NULL,
        CONSTRAINT waiting_seat_usage_pkey PRIMARY KEY (subscription_id, term_start)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE waiting_seat_usage');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the test clocks of sandbox accounts stand. */
export class TestClockTables1764000000700 implements MigrationInterface {
  name = 'TestClockTables1764000000700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE test_clock (
        account_id uuid NOT NULL,
        now timestamptz NOT NULL,
        version bigint NOT NULL,
        changed_in bigint NOT NULL,
        CONSTRAINT test_clock_pkey PRIMARY KEY (account_id)
      );
      CREATE INDEX test_clock_changed_in ON test_clock (changed_in);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE test_clock');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What failed when it fell due is known until it was done alone. What was put off by a quarter of an hour comes due again. */
export class SetAside1764000010230 implements MigrationInterface {
  name = 'SetAside1764000010230';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE set_aside (
        kind text NOT NULL,
        subject text NOT NULL,
        set_aside_at timestamptz NOT NULL,
        CONSTRAINT set_aside_pkey PRIMARY KEY (kind, subject)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE set_aside');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which trace an event belongs to, and how long it has been waiting to be published. */
export class OutboxTraces1764000000900 implements MigrationInterface {
  name = 'OutboxTraces1764000000900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE outbox
        ADD COLUMN trace_parent text,
        ADD COLUMN appended_at timestamptz NOT NULL DEFAULT now()
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox DROP COLUMN trace_parent, DROP COLUMN appended_at');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told last of a deployment's seats, so that a report that says the same is not told again. */
export class ToldSeats1764000003420 implements MigrationInterface {
  name = 'ToldSeats1764000003420';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE seat_usage ADD COLUMN told text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE seat_usage DROP COLUMN told');
  }
}

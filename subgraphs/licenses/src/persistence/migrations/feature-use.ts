import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The use of features with a limit is reported: each row says when it was observed, and counts what is told of it. What is there
 * already came with the deployment's seats.
 */
export class FeatureUse1764000010000 implements MigrationInterface {
  name = 'FeatureUse1764000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE feature_usage ADD COLUMN observed_at timestamptz, ADD COLUMN version integer NOT NULL DEFAULT 1;
      UPDATE feature_usage AS f SET observed_at = COALESCE(u.reported_at, d.registered_at)
      FROM deployment AS d LEFT JOIN seat_usage AS u ON u.deployment_id = d.id
      WHERE d.id = f.deployment_id;
      ALTER TABLE feature_usage ALTER COLUMN observed_at SET NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE feature_usage DROP COLUMN observed_at, DROP COLUMN version');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The highest use counts from the day on which the account got the subscription. Of those that moved before this, the moves of their
 * deployments tell it; their use is worked out anew.
 */
export class HeldSince1764000010310 implements MigrationInterface {
  name = 'HeldSince1764000010310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing_subscription ADD COLUMN held_since date;
      UPDATE billing_subscription AS s SET held_since = moved.held_on
      FROM (
        SELECT m.deployment_id, d.account_id, (max(m.until) AT TIME ZONE 'UTC')::date AS held_on
        FROM deployment_move AS m JOIN deployment AS d ON d.id = m.deployment_id AND d.account_id <> m.account_id
        GROUP BY 1, 2) AS moved
      WHERE (s.deployment_id, s.account_id) = (moved.deployment_id, moved.account_id) AND s.starts_on < moved.held_on;
      UPDATE seat_usage AS u SET holds_until = now()
      FROM billing_subscription AS s WHERE s.deployment_id = u.deployment_id AND s.held_since IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE billing_subscription DROP COLUMN held_since');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who buys more is told anew when that is nearly used up: a notice is of so much that there is to be used. */
export class NoticesOfMore1764000010320 implements MigrationInterface {
  name = 'NoticesOfMore1764000010320';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX usage_notice_subject;
      CREATE UNIQUE INDEX usage_notice_subject
        ON usage_notice (deployment_id, account_id, kind, feature_key, period_start, percent, available);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM usage_notice AS n USING usage_notice AS later
      WHERE (n.deployment_id, n.account_id, n.kind, n.feature_key, n.period_start, n.percent)
          = (later.deployment_id, later.account_id, later.kind, later.feature_key, later.period_start, later.percent)
        AND (n.reached_at, n.id) < (later.reached_at, later.id);
      DROP INDEX usage_notice_subject;
      CREATE UNIQUE INDEX usage_notice_subject
        ON usage_notice (deployment_id, account_id, kind, feature_key, period_start, percent);
    `);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The usage reports of a deployment are listed, those that were taken in last first. */
export class UsageReportList1764000010010 implements MigrationInterface {
  name = 'UsageReportList1764000010010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX usage_report_by_receipt ON usage_report (deployment_id, received_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX usage_report_by_receipt');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usage reports that come as files, sealed with the license file that the instance uses. */
export class UsageReports1764000003320 implements MigrationInterface {
  name = 'UsageReports1764000003320';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE license_file ADD COLUMN report_key text, ADD COLUMN activation_id uuid;
      CREATE INDEX license_file_of_instance ON license_file (activation_id, expires_at)
        WHERE activation_id IS NOT NULL;

      CREATE TABLE usage_report (
        deployment_id uuid NOT NULL,
        hash text NOT NULL,
        id uuid NOT NULL,
        license_file_id uuid NOT NULL,
        instance_id text NOT NULL,
        host_name text NOT NULL,
        version text NOT NULL,
        created_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        uploaded_by text NOT NULL,
        samples integer NOT NULL,
        CONSTRAINT usage_report_pkey PRIMARY KEY (deployment_id, hash),
        CONSTRAINT usage_report_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE usage_report;
      DROP INDEX license_file_of_instance;
      ALTER TABLE license_file DROP COLUMN report_key, DROP COLUMN activation_id;
    `);
  }
}

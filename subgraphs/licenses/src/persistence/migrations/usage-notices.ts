import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails to whoever runs a deployment, that so much of its seats or of an allowance is used. */
export class UsageNotices1764000010100 implements MigrationInterface {
  name = 'UsageNotices1764000010100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE usage_notice (
        id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        account_id uuid NOT NULL,
        kind text NOT NULL,
        feature_key text NOT NULL,
        feature_name text NOT NULL,
        period_start date NOT NULL,
        period_end date NOT NULL,
        percent integer NOT NULL,
        used bigint NOT NULL,
        available bigint NOT NULL,
        reached_at timestamptz NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        last_error text,
        sent_at timestamptz,
        sent_to text[] NOT NULL,
        CONSTRAINT usage_notice_pkey PRIMARY KEY (id),
        CONSTRAINT usage_notice_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT usage_notice_sent CHECK ((state = 'SENT') = (sent_at IS NOT NULL))
      );
      CREATE UNIQUE INDEX usage_notice_subject
        ON usage_notice (deployment_id, account_id, kind, feature_key, period_start, percent);
      CREATE INDEX usage_notice_waiting ON usage_notice (account_id) WHERE state = 'PENDING';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_notice');
  }
}

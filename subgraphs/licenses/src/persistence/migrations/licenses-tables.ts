import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deployments with their licenses and use, and the projections that entitlements are worked out from. */
export class LicensesTables1764000003000 implements MigrationInterface {
  name = 'LicensesTables1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deployment (
        id uuid NOT NULL,
        version integer NOT NULL,
        kind text NOT NULL,
        external_id text NOT NULL,
        name text NOT NULL,
        account_id uuid NOT NULL,
        registered_at timestamptz NOT NULL,
        CONSTRAINT deployment_pkey PRIMARY KEY (id)
      );
      CREATE INDEX deployment_account ON deployment (account_id);

      CREATE TABLE billing_subscription (
        id uuid NOT NULL,
        version integer NOT NULL,
        account_id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        cause text NOT NULL,
        trial boolean NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        holds_from timestamptz NOT NULL,
        items jsonb NOT NULL,
        CONSTRAINT billing_subscription_pkey PRIMARY KEY (id),
        CONSTRAINT billing_subscription_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );
      CREATE INDEX billing_subscription_by_deployment ON billing_subscription (deployment_id);

      CREATE TABLE product (
        code text NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        features jsonb NOT NULL,
        CONSTRAINT product_pkey PRIMARY KEY (code)
      );

      CREATE TABLE seat_usage (
        deployment_id uuid NOT NULL,
        used integer NOT NULL,
        maximum integer NOT NULL,
        maximum_since date NOT NULL,
        reported_at timestamptz NOT NULL,
        CONSTRAINT seat_usage_pkey PRIMARY KEY (deployment_id),
        CONSTRAINT seat_usage_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT seat_usage_not_negative CHECK (used >= 0 AND maximum >= 0)
      );

      CREATE TABLE feature_usage (
        deployment_id uuid NOT NULL,
        feature_key text NOT NULL,
        used integer NOT NULL,
        month_start date NOT NULL,
        packs_used_before integer NOT NULL DEFAULT 0,
        CONSTRAINT feature_usage_pkey PRIMARY KEY (deployment_id, feature_key),
        CONSTRAINT feature_usage_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT feature_usage_not_negative CHECK (used >= 0 AND packs_used_before >= 0)
      );

      CREATE TABLE license (
        id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        subscription_version integer NOT NULL,
        deployment_id uuid NOT NULL,
        account_id uuid NOT NULL,
        plan_code text NOT NULL,
        seats integer NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        issued_at timestamptz NOT NULL,
        cause text NOT NULL,
        replaced_by_id uuid,
        CONSTRAINT license_pkey PRIMARY KEY (id),
        CONSTRAINT license_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT license_replaced_by FOREIGN KEY (replaced_by_id) REFERENCES license (id)
      );
      CREATE UNIQUE INDEX license_subscription_version ON license (subscription_id, subscription_version);
      CREATE INDEX license_by_deployment ON license (deployment_id);

      CREATE TABLE fulfillment_step (
        id uuid NOT NULL,
        order_id uuid NOT NULL,
        subscription_id uuid,
        kind text NOT NULL,
        status text NOT NULL,
        at timestamptz NOT NULL,
        reason text,
        CONSTRAINT fulfillment_step_pkey PRIMARY KEY (id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE fulfillment_step, license, feature_usage, seat_usage, product, billing_subscription, deployment',
    );
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Allowances as a ledger: what meters counted, what was bought once, and what persons granted. What was reported of an allowance
 * so far becomes the reading of a meter; the rest of `feature_usage` counts what has a limit.
 */
export class AllowancesAndGrants1764000003500 implements MigrationInterface {
  name = 'AllowancesAndGrants1764000003500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing_subscription ADD COLUMN bought_once jsonb, ADD COLUMN recorded_at timestamptz;
      UPDATE billing_subscription SET recorded_at = holds_from, bought_once = (
        SELECT coalesce(jsonb_agg(jsonb_build_object('productCode', item -> 'productCode', 'quantity', item -> 'quantity',
                                                     'from', holds_from)), '[]')
        FROM jsonb_array_elements(items) AS item WHERE item ->> 'pricePeriod' = 'ONE_TIME');
      ALTER TABLE billing_subscription ALTER COLUMN bought_once SET NOT NULL, ALTER COLUMN recorded_at SET NOT NULL;

      ALTER TABLE product ADD COLUMN recorded_at timestamptz;
      UPDATE product SET recorded_at = now();
      ALTER TABLE product ALTER COLUMN recorded_at SET NOT NULL;

      CREATE TABLE allowance_reading (
        deployment_id uuid NOT NULL,
        feature_key text NOT NULL,
        source text NOT NULL,
        part_from timestamptz NOT NULL,
        month date NOT NULL,
        measured_at timestamptz NOT NULL,
        total bigint NOT NULL,
        quota bigint,
        CONSTRAINT allowance_reading_pkey PRIMARY KEY (deployment_id, feature_key, source, part_from),
        CONSTRAINT allowance_reading_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT allowance_reading_not_negative CHECK (total >= 0 AND quota >= 0)
      );
      INSERT INTO allowance_reading (deployment_id, feature_key, source, part_from, month, measured_at, total)
      SELECT deployment_id, feature_key, 'reported', month_start::timestamp AT TIME ZONE 'UTC', month_start,
             month_start::timestamp AT TIME ZONE 'UTC', used
      FROM feature_usage
      WHERE EXISTS (SELECT FROM product, jsonb_array_elements(features) AS feature
                    WHERE feature ->> 'key' = feature_key AND feature ->> 'kind' = 'METERED_ALLOWANCE');
      DELETE FROM feature_usage WHERE EXISTS (
        SELECT FROM allowance_reading AS reading
        WHERE (reading.deployment_id, reading.feature_key) = (feature_usage.deployment_id, feature_usage.feature_key));
      ALTER TABLE feature_usage DROP COLUMN month_start, DROP COLUMN packs_used_before;
      ALTER TABLE feature_usage ADD CONSTRAINT feature_usage_not_negative CHECK (used >= 0);

      CREATE TABLE entitlement_grant (
        id uuid NOT NULL,
        account_id uuid,
        deployment_id uuid,
        mode text NOT NULL,
        feature_key text NOT NULL,
        feature_name text NOT NULL,
        feature_kind text NOT NULL,
        enabled boolean NOT NULL,
        quantity bigint,
        priority integer NOT NULL,
        rollover_cap bigint,
        holds_from timestamptz NOT NULL,
        holds_until timestamptz,
        reason text NOT NULL,
        granted_by text NOT NULL,
        granted_at timestamptz NOT NULL,
        revoked_at timestamptz,
        revoked_by text,
        revocation_reason text,
        CONSTRAINT entitlement_grant_pkey PRIMARY KEY (id),
        CONSTRAINT entitlement_grant_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT entitlement_grant_subject CHECK ((account_id IS NULL) <> (deployment_id IS NULL)),
        CONSTRAINT entitlement_grant_not_negative CHECK (quantity >= 0 AND rollover_cap >= 0)
      );
      CREATE INDEX entitlement_grant_by_account ON entitlement_grant (account_id);
      CREATE INDEX entitlement_grant_by_deployment ON entitlement_grant (deployment_id);

      CREATE TABLE allowance_threshold (
        deployment_id uuid NOT NULL,
        feature_key text NOT NULL,
        month date NOT NULL,
        percent smallint NOT NULL,
        CONSTRAINT allowance_threshold_pkey PRIMARY KEY (deployment_id, feature_key, month, percent),
        CONSTRAINT allowance_threshold_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );

      CREATE TABLE grace_end (
        subscription_id uuid NOT NULL,
        account_id uuid NOT NULL,
        ends_at timestamptz NOT NULL,
        told_at timestamptz,
        CONSTRAINT grace_end_pkey PRIMARY KEY (subscription_id)
      );
      CREATE INDEX grace_end_untold ON grace_end (ends_at) WHERE told_at IS NULL;
      CREATE INDEX grace_end_by_account ON grace_end (account_id) WHERE told_at IS NULL;
      INSERT INTO grace_end (subscription_id, account_id, ends_at, told_at)
      SELECT id, account_id, (ends_on + 14)::timestamp AT TIME ZONE 'UTC',
             CASE WHEN ends_on + 14 <= current_date THEN now() END
      FROM billing_subscription;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE entitlement_grant, allowance_threshold, grace_end;
      ALTER TABLE feature_usage
        ADD COLUMN month_start date NOT NULL DEFAULT date_trunc('month', now())::date,
        ADD COLUMN packs_used_before integer NOT NULL DEFAULT 0;
      ALTER TABLE feature_usage DROP CONSTRAINT feature_usage_not_negative;
      ALTER TABLE feature_usage ALTER COLUMN month_start DROP DEFAULT,
        ADD CONSTRAINT feature_usage_not_negative CHECK (used >= 0 AND packs_used_before >= 0);
      INSERT INTO feature_usage (deployment_id, feature_key, used, month_start)
      SELECT DISTINCT ON (deployment_id, feature_key) deployment_id, feature_key, total, month
      FROM allowance_reading ORDER BY deployment_id, feature_key, month DESC, total DESC
      ON CONFLICT DO NOTHING;
      DROP TABLE allowance_reading;
      ALTER TABLE product DROP COLUMN recorded_at;
      ALTER TABLE billing_subscription DROP COLUMN bought_once, DROP COLUMN recorded_at;
    `);
  }
}

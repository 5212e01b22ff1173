import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All order actions: the version that each was priced on, lines with tax, whole agreements, and sandbox accounts. */
export class OrderActions1764000002000 implements MigrationInterface {
  name = 'OrderActions1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account ADD COLUMN sandbox boolean NOT NULL DEFAULT false;
      ALTER TABLE account ALTER COLUMN sandbox DROP DEFAULT;
    `);
    await runner.query(addActionVersions);
    await runner.query(agreementsOfActions);
    await runner.query(addLineTax);
    // What a subscription comes to was not kept: the projection is to be built again (`rebuildProjection`).
    await runner.query(`
      DROP TABLE known_subscription;
      CREATE TABLE known_subscription (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        invoice_owner_account_id uuid NOT NULL,
        partner_of_record_id uuid,
        distributor_id uuid,
        deployment_id uuid NOT NULL,
        deployment_kind text NOT NULL,
        billing_time_zone text NOT NULL,
        version integer NOT NULL,
        effective_on date NOT NULL,
        agreement jsonb NOT NULL,
        CONSTRAINT known_subscription_pkey PRIMARY KEY (id)
      );
      CREATE INDEX known_subscription_by_deployment ON known_subscription (deployment_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE known_subscription;
      CREATE TABLE known_subscription (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        end_date date NOT NULL,
        auto_renewal boolean NOT NULL,
        canceled_on date,
        CONSTRAINT known_subscription_pkey PRIMARY KEY (id)
      );
      CREATE INDEX known_subscription_by_deployment ON known_subscription (deployment_id);
      ALTER TABLE order_line DROP COLUMN kind, DROP COLUMN tax_rate, DROP COLUMN tax_jurisdiction,
        DROP COLUMN tax_reason, DROP COLUMN tax_minor;
      DROP INDEX order_action_version;
      ALTER TABLE order_action DROP COLUMN base_version, DROP COLUMN holds_version;
      UPDATE order_action SET details = jsonb_build_object(
        'deployment', details->'deployment',
        'termMonths', coalesce(details->'change'->'agreement'->'term'->'months', '12'),
        'autoRenewal', details->'change'->'agreement'->'renewal'->'automatic',
        'items', (
          SELECT jsonb_agg(
            item - 'discount' || jsonb_build_object('billingPeriod', details->'change'->'agreement'->'billing'->'period'))
          FROM jsonb_array_elements(details->'change'->'agreement'->'items') AS item))
      WHERE kind = 'CREATE_SUBSCRIPTION';
      ALTER TABLE account DROP COLUMN sandbox;
    `);
  }
}

const addActionVersions = `
  ALTER TABLE order_action ADD COLUMN base_version integer, ADD COLUMN holds_version boolean NOT NULL DEFAULT false;
  ALTER TABLE order_action ALTER COLUMN holds_version DROP DEFAULT;
  CREATE UNIQUE INDEX order_action_version ON order_action (subscription_id, base_version) WHERE holds_version;
`;

/** What an action of before said by itself, as the agreement that it created. */
const agreementsOfActions = `
  UPDATE order_action AS action SET details = jsonb_build_object(
    'deployment', action.details->'deployment',
    'change', jsonb_build_object(
      'kind', action.kind,
      'agreement', jsonb_build_object(
        'currency', o.currency,
        'term', jsonb_build_object(
          'startDate', o.effective_date,
          'endDate', (o.effective_date + (action.details->>'termMonths')::int * interval '1 month')::date,
          'months', action.details->'termMonths'),
        'trial', false,
        'billing', jsonb_build_object('period', 'YEAR', 'anchor', o.effective_date, 'policy', 'ACTUAL_DAYS'),
        'renewal', jsonb_build_object(
          'automatic', action.details->'autoRenewal', 'termMonths', action.details->'termMonths',
          'upliftPercent', '0', 'planned', '[]'::jsonb),
        'subscriptionTerms', jsonb_build_object('decreaseAtOnce', false),
        'items', (
          SELECT jsonb_agg(item - 'billingPeriod' || jsonb_build_object('discount', NULL))
          FROM jsonb_array_elements(action.details->'items') AS item),
        'suspendedOn', NULL,
        'canceledOn', NULL)))
  FROM orders AS o WHERE o.id = action.order_id;
`;

/** Before this, no order had a tax on it. */
const addLineTax = `
  ALTER TABLE order_line
    ADD COLUMN kind text NOT NULL DEFAULT 'CHARGE',
    ADD COLUMN tax_rate text NOT NULL DEFAULT '0',
    ADD COLUMN tax_jurisdiction text,
    ADD COLUMN tax_reason text NOT NULL DEFAULT 'NOT_REGISTERED',
    ADD COLUMN tax_minor bigint NOT NULL DEFAULT 0;
  UPDATE order_line AS line SET tax_jurisdiction = owner.country_code
  FROM orders AS o JOIN account AS owner ON owner.id = o.invoice_owner_account_id WHERE o.id = line.order_id;
  ALTER TABLE order_line
    ALTER COLUMN kind DROP DEFAULT,
    ALTER COLUMN tax_rate DROP DEFAULT,
    ALTER COLUMN tax_jurisdiction SET NOT NULL,
    ALTER COLUMN tax_reason DROP DEFAULT,
    ALTER COLUMN tax_minor DROP DEFAULT;
`;

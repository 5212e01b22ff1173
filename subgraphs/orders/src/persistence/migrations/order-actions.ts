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
    await runner.query(agreementsOfSubscriptions);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_subscription ADD COLUMN end_date date, ADD COLUMN auto_renewal boolean, ADD COLUMN canceled_on date;
      UPDATE known_subscription SET
        end_date = (agreement->'term'->>'endDate')::date,
        auto_renewal = (agreement->'renewal'->>'automatic')::boolean,
        canceled_on = (agreement->>'canceledOn')::date;
      ALTER TABLE known_subscription ALTER COLUMN end_date SET NOT NULL, ALTER COLUMN auto_renewal SET NOT NULL,
        DROP COLUMN invoice_owner_account_id, DROP COLUMN partner_of_record_id, DROP COLUMN distributor_id,
        DROP COLUMN deployment_kind, DROP COLUMN billing_time_zone, DROP COLUMN version, DROP COLUMN effective_on,
        DROP COLUMN agreement;
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

/**
 * What was known of a subscription was its term. The rest is taken from the order that created it, as it was then, until
 * subscriptions tells of it again: an order that is priced on less than the newest version is refused, never billed.
 */
const agreementsOfSubscriptions = `
  ALTER TABLE known_subscription
    ADD COLUMN invoice_owner_account_id uuid,
    ADD COLUMN partner_of_record_id uuid,
    ADD COLUMN distributor_id uuid,
    ADD COLUMN deployment_kind text,
    ADD COLUMN billing_time_zone text,
    ADD COLUMN version integer,
    ADD COLUMN effective_on date,
    ADD COLUMN agreement jsonb;
  UPDATE known_subscription AS s SET
    invoice_owner_account_id = o.invoice_owner_account_id,
    partner_of_record_id = o.partner_id,
    distributor_id = o.distributor_id,
    deployment_kind = action.details->'deployment'->>'kind',
    billing_time_zone = a.billing_time_zone,
    version = coalesce((
      SELECT position.sequence FROM inbox_position AS position
      WHERE position.topic = 'subscriptions.billing-subscription' AND position.aggregate_id = s.id::text), 1),
    effective_on = o.effective_date,
    agreement = action.details->'change'->'agreement' || jsonb_build_object(
      'term', action.details->'change'->'agreement'->'term' || jsonb_build_object('endDate', s.end_date),
      'renewal', action.details->'change'->'agreement'->'renewal' || jsonb_build_object('automatic', s.auto_renewal),
      'canceledOn', s.canceled_on)
  FROM order_action AS action
  JOIN orders AS o ON o.id = action.order_id
  JOIN account AS a ON a.id = o.account_id
  WHERE action.subscription_id = s.id;
  DELETE FROM known_subscription WHERE agreement IS NULL;
  ALTER TABLE known_subscription
    ALTER COLUMN invoice_owner_account_id SET NOT NULL,
    ALTER COLUMN deployment_kind SET NOT NULL,
    ALTER COLUMN billing_time_zone SET NOT NULL,
    ALTER COLUMN version SET NOT NULL,
    ALTER COLUMN effective_on SET NOT NULL,
    ALTER COLUMN agreement SET NOT NULL,
    DROP COLUMN end_date, DROP COLUMN auto_renewal, DROP COLUMN canceled_on;
`;

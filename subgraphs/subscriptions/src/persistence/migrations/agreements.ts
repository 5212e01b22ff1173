import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whole agreements in the history, how far each subscription is billed, and orders whose day has not come. */
export class Agreements1764000002000 implements MigrationInterface {
  name = 'Agreements1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(addAgreements);
    await runner.query(addSchedules);
    await runner.query(`
      ALTER TABLE account ADD COLUMN sandbox boolean NOT NULL DEFAULT false;
      ALTER TABLE account ALTER COLUMN sandbox DROP DEFAULT;
      ALTER TABLE waiting_order ADD COLUMN account_ids uuid[];
      UPDATE waiting_order SET account_ids = ARRAY[account_id, invoice_owner_account_id];
      ALTER TABLE waiting_order ALTER COLUMN account_ids SET NOT NULL;
      ALTER TABLE waiting_order DROP COLUMN account_id, DROP COLUMN invoice_owner_account_id;
      CREATE INDEX waiting_order_accounts ON waiting_order USING gin (account_ids);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE test_clock_target, scheduled_order, billing_schedule;
      ALTER TABLE waiting_order ADD COLUMN account_id uuid, ADD COLUMN invoice_owner_account_id uuid;
      UPDATE waiting_order SET account_id = account_ids[1], invoice_owner_account_id = account_ids[2];
      ALTER TABLE waiting_order ALTER COLUMN account_id SET NOT NULL,
        ALTER COLUMN invoice_owner_account_id SET NOT NULL, DROP COLUMN account_ids;
      CREATE INDEX waiting_order_account ON waiting_order (account_id);
      CREATE INDEX waiting_order_invoice_owner ON waiting_order (invoice_owner_account_id);
      ALTER TABLE account DROP COLUMN sandbox;
      ALTER TABLE billing_subscription_version ADD COLUMN items jsonb;
      ALTER TABLE billing_subscription_head ADD COLUMN items jsonb;
      ALTER TABLE billing_subscription_version DISABLE TRIGGER billing_subscription_version_append_only;
      UPDATE billing_subscription_version SET items = agreement->'items';
      ALTER TABLE billing_subscription_version ENABLE TRIGGER billing_subscription_version_append_only;
      UPDATE billing_subscription_head SET items = agreement->'items';
      ALTER TABLE billing_subscription_version ALTER COLUMN items SET NOT NULL, DROP COLUMN agreement;
      ALTER TABLE billing_subscription_head ALTER COLUMN items SET NOT NULL, DROP COLUMN agreement;
    `);
  }
}

/** What a version of before said in columns and items, as one agreement. A product's name was not kept: its code stands for it. */
const agreementOfRow = `
  jsonb_build_object(
    'currency', s.currency,
    'term', jsonb_build_object('startDate', v.term_start, 'endDate', v.term_end, 'months', v.term_months),
    'trial', v.trial,
    'billing', jsonb_build_object('period', 'YEAR', 'anchor', v.term_start, 'policy', 'ACTUAL_DAYS'),
    'renewal', jsonb_build_object(
      'automatic', v.auto_renewal, 'termMonths', coalesce(v.term_months, 12),
      'upliftPercent', '0', 'planned', '[]'::jsonb),
    'subscriptionTerms', jsonb_build_object('decreaseAtOnce', false),
    'items', (
      SELECT jsonb_agg(
        item - 'billingPeriod' || jsonb_build_object('productName', item->>'productCode', 'discount', NULL))
      FROM jsonb_array_elements(v.items) AS item),
    'suspendedOn', NULL,
    'canceledOn', v.canceled_on)`;

const addAgreements = `
  ALTER TABLE billing_subscription_version ADD COLUMN agreement jsonb;
  ALTER TABLE billing_subscription_head ADD COLUMN agreement jsonb;
  ALTER TABLE billing_subscription_version DISABLE TRIGGER billing_subscription_version_append_only;
  UPDATE billing_subscription_version AS v SET agreement = ${agreementOfRow}
    FROM billing_subscription AS s WHERE s.id = v.subscription_id;
  ALTER TABLE billing_subscription_version ENABLE TRIGGER billing_subscription_version_append_only;
  UPDATE billing_subscription_head AS v SET agreement = ${agreementOfRow}
    FROM billing_subscription AS s WHERE s.id = v.subscription_id;
  ALTER TABLE billing_subscription_version ALTER COLUMN agreement SET NOT NULL, DROP COLUMN items;
  ALTER TABLE billing_subscription_head ALTER COLUMN agreement SET NOT NULL, DROP COLUMN items;
`;

/** Until now every term was billed whole, on its first day. */
const addSchedules = `
  CREATE TABLE billing_schedule (
    subscription_id uuid NOT NULL,
    account_id uuid NOT NULL,
    billed_until date NOT NULL,
    due_at timestamptz,
    CONSTRAINT billing_schedule_pkey PRIMARY KEY (subscription_id),
    CONSTRAINT billing_schedule_subscription_fkey
      FOREIGN KEY (subscription_id) REFERENCES billing_subscription (id)
  );
  CREATE INDEX billing_schedule_due ON billing_schedule (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX billing_schedule_account ON billing_schedule (account_id);
  INSERT INTO billing_schedule (subscription_id, account_id, billed_until, due_at)
    SELECT h.subscription_id, h.account_id,
           CASE WHEN h.trial THEN h.term_start ELSE h.term_end END,
           CASE WHEN h.canceled_on IS NULL AND (h.trial OR h.auto_renewal)
                THEN h.term_end::timestamp AT TIME ZONE h.billing_time_zone END
    FROM billing_subscription_head AS h;

  CREATE TABLE scheduled_order (
    order_id uuid NOT NULL,
    account_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    payload jsonb NOT NULL,
    CONSTRAINT scheduled_order_pkey PRIMARY KEY (order_id)
  );
  CREATE INDEX scheduled_order_due ON scheduled_order (due_at);

  CREATE TABLE test_clock_target (
    account_id uuid NOT NULL,
    target timestamptz NOT NULL,
    settled boolean NOT NULL,
    CONSTRAINT test_clock_target_pkey PRIMARY KEY (account_id)
  );
`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rules of offers, and what became of what they offered. */
export class Offers1764000002200 implements MigrationInterface {
  name = 'Offers1764000002200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE offer_rule (
        code text NOT NULL,
        condition jsonb NOT NULL,
        step text NOT NULL,
        placements jsonb NOT NULL,
        priority integer NOT NULL,
        active_from timestamptz NOT NULL,
        active_until timestamptz,
        version integer NOT NULL,
        changed_at timestamptz NOT NULL,
        changed_by text NOT NULL,
        CONSTRAINT offer_rule_pkey PRIMARY KEY (code)
      );

      CREATE TABLE offer_dismissal (
        deployment_id uuid NOT NULL,
        rule_code text NOT NULL,
        subject text NOT NULL,
        until timestamptz NOT NULL,
        version integer NOT NULL,
        CONSTRAINT offer_dismissal_pkey PRIMARY KEY (deployment_id, rule_code, subject)
      );

      CREATE TABLE feature_interest (
        deployment_id uuid NOT NULL,
        feature_key text NOT NULL,
        times integer NOT NULL,
        last_at timestamptz NOT NULL,
        CONSTRAINT feature_interest_pkey PRIMARY KEY (deployment_id, feature_key)
      );

      CREATE TABLE offer_event (
        id uuid NOT NULL,
        kind text NOT NULL,
        account_id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        rule_code text NOT NULL,
        subject text NOT NULL,
        placement text,
        at timestamptz NOT NULL,
        by text NOT NULL,
        order_id uuid,
        CONSTRAINT offer_event_pkey PRIMARY KEY (id),
        CONSTRAINT offer_event_account FOREIGN KEY (account_id) REFERENCES account (id),
        CONSTRAINT offer_event_order FOREIGN KEY (order_id) REFERENCES orders (id)
      );
      CREATE INDEX offer_event_by_time ON offer_event (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE offer_event, feature_interest, offer_dismissal, offer_rule`);
  }
}

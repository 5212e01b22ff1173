import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Leads with their history, how they are scored and assigned, and what receivers took. */
export class Leads1764000002300 implements MigrationInterface {
  name = 'Leads1764000002300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lead (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        partner_id uuid,
        email text NOT NULL,
        name text NOT NULL,
        phone text,
        status text NOT NULL,
        region text NOT NULL,
        segment text NOT NULL,
        owner text NOT NULL,
        score integer NOT NULL,
        score_reasons jsonb NOT NULL,
        touches jsonb NOT NULL,
        most_seats integer,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        version integer NOT NULL,
        CONSTRAINT lead_pkey PRIMARY KEY (id),
        CONSTRAINT lead_account FOREIGN KEY (account_id) REFERENCES account (id)
      );
      CREATE UNIQUE INDEX lead_person ON lead (email, deployment_id);
      CREATE INDEX lead_by_score ON lead (score, id);
      CREATE INDEX lead_by_age ON lead (created_at, id);
      CREATE INDEX lead_by_change ON lead (updated_at, id);
      CREATE INDEX lead_by_account ON lead (account_id);

      CREATE TABLE lead_event (
        id uuid NOT NULL,
        lead_id uuid NOT NULL,
        version integer NOT NULL,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        by text NOT NULL,
        message text,
        seats integer,
        plan_code text,
        status text,
        owner text,
        CONSTRAINT lead_event_pkey PRIMARY KEY (id),
        CONSTRAINT lead_event_lead FOREIGN KEY (lead_id) REFERENCES lead (id)
      );
      CREATE UNIQUE INDEX lead_event_place ON lead_event (lead_id, version, kind);

      CREATE TABLE lead_delivery (
        lead_id uuid NOT NULL,
        version integer NOT NULL,
        receiver text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT lead_delivery_pkey PRIMARY KEY (lead_id, version),
        CONSTRAINT lead_delivery_lead FOREIGN KEY (lead_id) REFERENCES lead (id)
      );

      CREATE TABLE lead_policy (
        version integer NOT NULL,
        scoring jsonb NOT NULL,
        assignment jsonb NOT NULL,
        default_owner text NOT NULL,
        changed_at timestamptz NOT NULL,
        changed_by text NOT NULL,
        CONSTRAINT lead_policy_pkey PRIMARY KEY (version)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE lead_policy, lead_delivery, lead_event, lead`);
  }
}

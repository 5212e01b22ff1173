import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was reported of seats, and the use that it comes to. */
export class SeatSamples1764000003400 implements MigrationInterface {
  name = 'SeatSamples1764000003400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE seat_sample (
        deployment_id uuid NOT NULL,
        instance_id text NOT NULL,
        taken_at timestamptz NOT NULL,
        members integer NOT NULL,
        guests integer NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT seat_sample_pkey PRIMARY KEY (deployment_id, instance_id, taken_at),
        CONSTRAINT seat_sample_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT seat_sample_not_negative CHECK (members >= 0 AND guests >= 0)
      );

      CREATE TABLE seat_day (
        deployment_id uuid NOT NULL,
        day date NOT NULL,
        members integer NOT NULL,
        with_guests integer NOT NULL,
        CONSTRAINT seat_day_pkey PRIMARY KEY (deployment_id, day),
        CONSTRAINT seat_day_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );

      CREATE TABLE seat_newest (
        deployment_id uuid NOT NULL,
        instance_id text NOT NULL,
        taken_at timestamptz NOT NULL,
        members integer NOT NULL,
        with_guests integer NOT NULL,
        ended_at timestamptz,
        CONSTRAINT seat_newest_pkey PRIMARY KEY (deployment_id, instance_id),
        CONSTRAINT seat_newest_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );

      CREATE TABLE seat_maximum (
        deployment_id uuid NOT NULL,
        since date NOT NULL,
        users integer NOT NULL,
        told_on date NOT NULL,
        CONSTRAINT seat_maximum_pkey PRIMARY KEY (deployment_id, since, users),
        CONSTRAINT seat_maximum_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );

      ALTER TABLE seat_usage
        ADD COLUMN version integer NOT NULL DEFAULT 1,
        ADD COLUMN subscription_id uuid,
        ADD COLUMN plan_code text NOT NULL DEFAULT 'FREE',
        ADD COLUMN purchased integer NOT NULL DEFAULT 0,
        ADD COLUMN overage integer NOT NULL DEFAULT 0,
        ADD COLUMN holds_until timestamptz;
      CREATE INDEX seat_usage_over ON seat_usage (overage, deployment_id) WHERE overage > 0;
      CREATE INDEX seat_usage_until ON seat_usage (holds_until) WHERE holds_until IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX seat_usage_until;
      DROP INDEX seat_usage_over;
      ALTER TABLE seat_usage
        DROP COLUMN version, DROP COLUMN subscription_id, DROP COLUMN plan_code, DROP COLUMN purchased,
        DROP COLUMN overage, DROP COLUMN holds_until;
      DROP TABLE seat_maximum, seat_newest, seat_day, seat_sample;
    `);
  }
}

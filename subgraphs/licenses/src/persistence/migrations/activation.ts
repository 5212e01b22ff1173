import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Activation codes, and the instances that were activated with them. */
export class Activation1764000003310 implements MigrationInterface {
  name = 'Activation1764000003310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE activation_code (
        id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        hash text NOT NULL,
        hint text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        license_id uuid,
        created_by text NOT NULL,
        ended_at timestamptz,
        end_cause text,
        CONSTRAINT activation_code_pkey PRIMARY KEY (id),
        CONSTRAINT activation_code_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT activation_code_license FOREIGN KEY (license_id) REFERENCES license (id),
        CONSTRAINT activation_code_end CHECK ((ended_at IS NULL) = (end_cause IS NULL))
      );
      CREATE UNIQUE INDEX activation_code_hash ON activation_code (hash);
      CREATE INDEX activation_code_by_deployment ON activation_code (deployment_id);
      CREATE UNIQUE INDEX activation_code_open ON activation_code (deployment_id) WHERE ended_at IS NULL;

      CREATE TABLE instance (
        id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        instance_id text NOT NULL,
        host_name text NOT NULL,
        version text NOT NULL,
        secret_hash text NOT NULL,
        activation_code_id uuid NOT NULL,
        activated_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_cause text,
        CONSTRAINT instance_pkey PRIMARY KEY (id),
        CONSTRAINT instance_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT instance_activation_code FOREIGN KEY (activation_code_id) REFERENCES activation_code (id),
        CONSTRAINT instance_end CHECK ((ended_at IS NULL) = (end_cause IS NULL))
      );
      CREATE INDEX instance_by_deployment ON instance (deployment_id);
      CREATE UNIQUE INDEX instance_own_id ON instance (deployment_id, instance_id) WHERE ended_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE instance, activation_code');
  }
}

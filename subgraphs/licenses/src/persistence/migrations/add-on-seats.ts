import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The seats of add-ons that users have. */
export class AddOnSeats1764000003410 implements MigrationInterface {
  name = 'AddOnSeats1764000003410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE add_on_pool (
        deployment_id uuid NOT NULL,
        product_code text NOT NULL,
        assigned integer NOT NULL,
        version integer NOT NULL,
        CONSTRAINT add_on_pool_pkey PRIMARY KEY (deployment_id, product_code),
        CONSTRAINT add_on_pool_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT add_on_pool_not_negative CHECK (assigned >= 0)
      );

      CREATE TABLE add_on_seat (
        id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        product_code text NOT NULL,
        user_id text NOT NULL,
        assigned_at timestamptz NOT NULL,
        assigned_by text NOT NULL,
        CONSTRAINT add_on_seat_pkey PRIMARY KEY (id),
        CONSTRAINT add_on_seat_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );
      CREATE UNIQUE INDEX add_on_seat_user ON add_on_seat (deployment_id, product_code, user_id);

      CREATE TABLE add_on_seat_change (
        id uuid NOT NULL,
        deployment_id uuid NOT NULL,
        product_code text NOT NULL,
        user_id text NOT NULL,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        by text NOT NULL,
        CONSTRAINT add_on_seat_change_pkey PRIMARY KEY (id),
        CONSTRAINT add_on_seat_change_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id),
        CONSTRAINT add_on_seat_change_kind CHECK (kind IN ('ASSIGNED', 'UNASSIGNED'))
      );
      CREATE INDEX add_on_seat_change_by_deployment ON add_on_seat_change (deployment_id, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE add_on_seat_change, add_on_seat, add_on_pool');
  }
}

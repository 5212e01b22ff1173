import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a rebuild of a projection is counted by, and how answers to retries are found by their age. */
export class RebuildTables1764000000500 implements MigrationInterface {
  name = 'RebuildTables1764000000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE projection_rebuild (
        id uuid NOT NULL,
        topic text NOT NULL,
        expected integer,
        complete boolean NOT NULL DEFAULT false,
        started_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT projection_rebuild_pkey PRIMARY KEY (id),
        CONSTRAINT projection_rebuild_topic UNIQUE (topic)
      );

      CREATE TABLE rebuild_arrival (
        rebuild_id uuid NOT NULL,
        aggregate_id text NOT NULL,
        sequence integer NOT NULL,
        CONSTRAINT rebuild_arrival_pkey PRIMARY KEY (rebuild_id, aggregate_id, sequence),
        CONSTRAINT rebuild_arrival_rebuild FOREIGN KEY (rebuild_id) REFERENCES projection_rebuild (id)
          ON DELETE CASCADE
      );

      CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX idempotency_key_created_at; DROP TABLE rebuild_arrival, projection_rebuild',
    );
  }
}

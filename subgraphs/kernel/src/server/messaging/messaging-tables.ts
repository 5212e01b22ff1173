import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every service needs to send and to take in events, to answer retries and to know who may see what. */
export class MessagingTables1764000000000 implements MigrationInterface {
  name = 'MessagingTables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        id uuid NOT NULL,
        position bigserial NOT NULL,
        topic text NOT NULL,
        kind text NOT NULL,
        aggregate_id text NOT NULL,
        sequence integer NOT NULL,
        occurred_at timestamptz NOT NULL,
        request_id text NOT NULL,
        payload jsonb NOT NULL,
        published_at timestamptz,
        CONSTRAINT outbox_pkey PRIMARY KEY (id)
      );
      CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL;
      CREATE UNIQUE INDEX outbox_aggregate ON outbox (topic, aggregate_id, sequence);

      CREATE TABLE fact_sequence (
        topic text NOT NULL,
        aggregate_id text NOT NULL,
        last integer NOT NULL,
        CONSTRAINT fact_sequence_pkey PRIMARY KEY (topic, aggregate_id)
      );

      CREATE TABLE inbox (
        event_id uuid NOT NULL,
        topic text NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT inbox_pkey PRIMARY KEY (event_id)
      );

      CREATE TABLE inbox_position (
        topic text NOT NULL,
        aggregate_id text NOT NULL,
        sequence integer NOT NULL,
        CONSTRAINT inbox_position_pkey PRIMARY KEY (topic, aggregate_id)
      );

      CREATE TABLE inbox_held (
        topic text NOT NULL,
        aggregate_id text NOT NULL,
        sequence integer NOT NULL,
        envelope jsonb NOT NULL,
        CONSTRAINT inbox_held_pkey PRIMARY KEY (topic, aggregate_id, sequence)
      );

      CREATE TABLE idempotency_key (
        client text NOT NULL,
        mutation text NOT NULL,
        key text NOT NULL,
        input_hash text NOT NULL,
        answer jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT idempotency_key_pkey PRIMARY KEY (client, mutation, key)
      );

      CREATE TABLE viewer_grant (
        id uuid NOT NULL,
        subject_kind text NOT NULL,
        subject_id uuid NOT NULL,
        object_kind text NOT NULL,
        object_id uuid NOT NULL,
        valid_from timestamptz NOT NULL,
        valid_until timestamptz,
        CONSTRAINT viewer_grant_pkey PRIMARY KEY (id)
      );
      CREATE INDEX viewer_grant_subject ON viewer_grant (subject_id, object_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE viewer_grant, idempotency_key, inbox_held, inbox_position, inbox, fact_sequence, outbox',
    );
  }
}

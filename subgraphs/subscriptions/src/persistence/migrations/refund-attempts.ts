import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How payments came in, and attempts to give them back through the payment provider. */
export class RefundAttempts1764000005000 implements MigrationInterface {
  name = 'RefundAttempts1764000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(paymentOrigin);
    await runner.query(refundTables);
    await runner.query(appendOnly);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE refund_hold, refund_attempt_outcome, refund_attempt;
      ALTER TABLE payment DROP COLUMN origin;
    `);
  }
}

/** A payment whose reference is that of an attempt on its invoice was collected; every other one of before counts as recorded. */
const paymentOrigin = `
  ALTER TABLE payment ADD COLUMN origin text NOT NULL DEFAULT 'RECORDED';
  ALTER TABLE payment ALTER COLUMN origin DROP DEFAULT;
  ALTER TABLE payment DISABLE TRIGGER payment_append_only;
  UPDATE payment AS p SET origin = 'COLLECTED'
  FROM payment_attempt AS t JOIN payment_attempt_outcome AS o ON o.attempt_id = t.id
  WHERE t.invoice_id = p.invoice_id AND o.status = 'SUCCEEDED' AND o.detail = p.reference;
  ALTER TABLE payment ENABLE TRIGGER payment_append_only;
  ALTER TABLE payment ADD CONSTRAINT payment_origin CHECK (origin IN ('RECORDED', 'COLLECTED', 'CHECKOUT'));
`;

const refundTables = `
  CREATE TABLE refund_attempt (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    started_at timestamptz NOT NULL,
    CONSTRAINT refund_attempt_pkey PRIMARY KEY (id),
    CONSTRAINT refund_attempt_payment_fkey FOREIGN KEY (payment_id) REFERENCES payment (id),
    CONSTRAINT refund_attempt_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX refund_attempt_payment ON refund_attempt (payment_id);

  CREATE TABLE refund_attempt_outcome (
    attempt_id uuid NOT NULL,
    status text NOT NULL,
    detail text NOT NULL,
    settled_at timestamptz NOT NULL,
    CONSTRAINT refund_attempt_outcome_pkey PRIMARY KEY (attempt_id),
    CONSTRAINT refund_attempt_outcome_attempt_fkey FOREIGN KEY (attempt_id) REFERENCES refund_attempt (id)
  );

  CREATE TABLE refund_hold (
    attempt_id uuid NOT NULL,
    credit_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT refund_hold_pkey PRIMARY KEY (attempt_id, credit_id),
    CONSTRAINT refund_hold_attempt_fkey FOREIGN KEY (attempt_id) REFERENCES refund_attempt (id),
    CONSTRAINT refund_hold_credit_fkey FOREIGN KEY (credit_id) REFERENCES account_credit (id),
    CONSTRAINT refund_hold_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX refund_hold_credit ON refund_hold (credit_id);
`;

/** As for the tables of before: a statement that would change history is refused before it looks at a row. */
const appendOnly = ['refund_attempt', 'refund_attempt_outcome', 'refund_hold']
  .map(
    (table) =>
      `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
         FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`,
  )
  .join('\n');

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A license for each year of a term, and their delivery to the contacts of the sold-to account. */
export class LicenseYears1764000003300 implements MigrationInterface {
  name = 'LicenseYears1764000003300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE license ADD COLUMN next_issue_on date;
      DROP INDEX license_subscription_version;
      CREATE UNIQUE INDEX license_subscription_year ON license (subscription_id, subscription_version, starts_on);
      CREATE INDEX license_next_issue ON license (next_issue_on) WHERE next_issue_on IS NOT NULL;

      CREATE TABLE contact (
        id uuid NOT NULL,
        version integer NOT NULL,
        account_id uuid NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        CONSTRAINT contact_pkey PRIMARY KEY (id)
      );
      CREATE INDEX contact_by_account ON contact (account_id);

      CREATE TABLE license_delivery (
        license_id uuid NOT NULL,
        account_id uuid NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at timestamptz,
        last_error text,
        sent_at timestamptz,
        sent_to text[] NOT NULL,
        CONSTRAINT license_delivery_pkey PRIMARY KEY (license_id),
        CONSTRAINT license_delivery_license FOREIGN KEY (license_id) REFERENCES license (id),
        CONSTRAINT license_delivery_sent CHECK ((state = 'SENT') = (sent_at IS NOT NULL))
      );
      CREATE INDEX license_delivery_due ON license_delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
      CREATE INDEX license_delivery_waiting ON license_delivery (account_id) WHERE state = 'PENDING';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE license_delivery, contact;
      DROP INDEX license_subscription_year;
      ALTER TABLE license DROP COLUMN next_issue_on;
      CREATE UNIQUE INDEX license_subscription_version ON license (subscription_id, subscription_version);
    `);
  }
}

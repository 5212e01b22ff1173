import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose addresses are those of who pays or sells: nobody there is sent a license. What was told before comes with its next snapshot, or
 * when `orders.contact`, `partners.partner` and `subscriptions.billing-subscription` are built again.
 */
export class PayersAddresses1764000010350 implements MigrationInterface {
  name = 'PayersAddresses1764000010350';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_address (
        contact_id uuid NOT NULL,
        version integer NOT NULL,
        account_id uuid NOT NULL,
        address_id uuid NOT NULL,
        CONSTRAINT known_address_pkey PRIMARY KEY (contact_id)
      );
      CREATE INDEX known_address_by_account ON known_address (account_id);
      CREATE TABLE known_partner (
        id uuid NOT NULL,
        version integer NOT NULL,
        account_id uuid NOT NULL,
        address_id uuid NOT NULL,
        CONSTRAINT known_partner_pkey PRIMARY KEY (id)
      );
      ALTER TABLE billing_subscription
        ADD COLUMN invoice_owner_account_id uuid, ADD COLUMN partner_of_record_id uuid, ADD COLUMN distributor_id uuid;
      CREATE INDEX billing_subscription_by_account ON billing_subscription (account_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX billing_subscription_by_account;
      ALTER TABLE billing_subscription
        DROP COLUMN invoice_owner_account_id, DROP COLUMN partner_of_record_id, DROP COLUMN distributor_id;
      DROP TABLE known_partner, known_address;
    `);
  }
}

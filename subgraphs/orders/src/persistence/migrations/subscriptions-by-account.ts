import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who sets a contact asks for all subscriptions of the account: by who pays for them, and for its trials. */
export class SubscriptionsByAccount1764000010102 implements MigrationInterface {
  name = 'SubscriptionsByAccount1764000010102';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX known_subscription_by_account ON known_subscription (account_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX known_subscription_by_account');
  }
}

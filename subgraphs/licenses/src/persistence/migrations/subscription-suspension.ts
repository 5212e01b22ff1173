import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a subscription is suspended. */
export class SubscriptionSuspension1764000003100 implements MigrationInterface {
  name = 'SubscriptionSuspension1764000003100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing_subscription
        ADD COLUMN suspended_on date,
        ADD COLUMN suspended_from timestamptz
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE billing_subscription DROP COLUMN suspended_on, DROP COLUMN suspended_from',
    );
  }
}

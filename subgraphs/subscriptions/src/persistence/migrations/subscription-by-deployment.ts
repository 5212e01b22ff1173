import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The product asks for the subscription of a deployment. */
export class SubscriptionByDeployment1764000007410 implements MigrationInterface {
  name = 'SubscriptionByDeployment1764000007410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX billing_subscription_deployment ON billing_subscription (deployment_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX billing_subscription_deployment');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was told of partners says where to write to them, and is told once more: subscriptions and licenses were told of none before.
 * Whoever was drops an event that came already. (Partners never change, so each has one event.)
 */
export class PartnersToldAgain1764000005020 implements MigrationInterface {
  name = 'PartnersToldAgain1764000005020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE outbox AS told
      SET payload = told.payload || jsonb_build_object('contactEmail', p.contact_email), published_at = NULL
      FROM partner AS p
      WHERE told.topic = 'partners.partner' AND told.aggregate_id = p.id::text
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE outbox SET payload = payload - 'contactEmail' WHERE topic = 'partners.partner'`,
    );
  }
}

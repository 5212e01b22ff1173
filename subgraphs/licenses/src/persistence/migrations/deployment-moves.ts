import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Until when other accounts had a deployment. Of moves before this, the licenses tell: the first that its present account got after
 * the last of another one. Nobody is over on the free plan any more.
 */
export class DeploymentMoves1764000010200 implements MigrationInterface {
  name = 'DeploymentMoves1764000010200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deployment_move (
        deployment_id uuid NOT NULL,
        until timestamptz NOT NULL,
        account_id uuid NOT NULL,
        CONSTRAINT deployment_move_pkey PRIMARY KEY (deployment_id, until),
        CONSTRAINT deployment_move_deployment FOREIGN KEY (deployment_id) REFERENCES deployment (id)
      );
      INSERT INTO deployment_move (deployment_id, until, account_id)
      SELECT d.id, COALESCE(
          (SELECT min(own.issued_at) FROM license AS own
           WHERE own.deployment_id = d.id AND own.account_id = d.account_id AND own.issued_at > former.issued_at),
          former.issued_at), former.account_id
      FROM deployment AS d CROSS JOIN LATERAL (
        SELECT l.issued_at, l.account_id FROM license AS l
        WHERE l.deployment_id = d.id AND l.account_id <> d.account_id ORDER BY l.issued_at DESC LIMIT 1) AS former;
      UPDATE seat_usage SET overage = 0 WHERE plan_code = 'FREE' AND overage > 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deployment_move');
  }
}

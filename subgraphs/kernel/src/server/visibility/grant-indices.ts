import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the next grant that begins or ends without reading the others. */
export class GrantIndices1764000000800 implements MigrationInterface {
  name = 'GrantIndices1764000000800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX viewer_grant_valid_from ON viewer_grant (valid_from);
      CREATE INDEX viewer_grant_valid_until ON viewer_grant (valid_until) WHERE valid_until IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX viewer_grant_valid_from, viewer_grant_valid_until');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A contact keeps who it was before, in which language it is written to, and since when. */
export class ContactHistory1764000010100 implements MigrationInterface {
  name = 'ContactHistory1764000010100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contact
        ADD COLUMN language text NOT NULL DEFAULT 'en',
        ADD COLUMN version integer NOT NULL DEFAULT 1,
        ADD COLUMN since timestamptz,
        ADD COLUMN until timestamptz,
        ADD COLUMN set_by text NOT NULL DEFAULT 'service:orders';
      UPDATE contact AS c SET since = a.created_at FROM account AS a WHERE a.id = c.account_id;
      ALTER TABLE contact
        ALTER COLUMN language DROP DEFAULT,
        ALTER COLUMN version DROP DEFAULT,
        ALTER COLUMN since SET NOT NULL,
        ALTER COLUMN set_by DROP DEFAULT,
        DROP CONSTRAINT contact_pkey,
        ADD CONSTRAINT contact_pkey PRIMARY KEY (id, version);
      DROP INDEX contact_by_account;
      CREATE INDEX contact_by_account ON contact (account_id, role, version);
      CREATE UNIQUE INDEX contact_now ON contact (account_id, role) WHERE until IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM contact WHERE until IS NOT NULL;
      DROP INDEX contact_now, contact_by_account;
      CREATE INDEX contact_by_account ON contact (account_id);
      ALTER TABLE contact
        DROP CONSTRAINT contact_pkey,
        ADD CONSTRAINT contact_pkey PRIMARY KEY (id),
        DROP COLUMN language, DROP COLUMN version, DROP COLUMN since, DROP COLUMN until, DROP COLUMN set_by;
    `);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys that sign license files, and the record of the files that were written. */
export class LicenseFiles1764000003200 implements MigrationInterface {
  name = 'LicenseFiles1764000003200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signing_key (
        id text NOT NULL,
        public_x text NOT NULL,
        created_at timestamptz NOT NULL,
        signs_from timestamptz NOT NULL,
        revoked_at timestamptz,
        revocation_reason text,
        CONSTRAINT signing_key_pkey PRIMARY KEY (id),
        CONSTRAINT signing_key_revocation CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
      );

      CREATE TABLE license_file (
        id uuid NOT NULL,
        license_id uuid NOT NULL,
        instance_id text,
        encrypted boolean NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz,
        key_id text NOT NULL,
        issued_to text NOT NULL,
        CONSTRAINT license_file_pkey PRIMARY KEY (id),
        CONSTRAINT license_file_license FOREIGN KEY (license_id) REFERENCES license (id),
        CONSTRAINT license_file_key FOREIGN KEY (key_id) REFERENCES signing_key (id)
      );
      CREATE INDEX license_file_by_license ON license_file (license_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE license_file, signing_key');
  }
}

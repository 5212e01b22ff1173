import { EntitySchema } from 'typeorm';

export interface SigningKeyRow {
  id: string;
  publicX: string;
  createdAt: Date;
  signsFrom: Date;
  revokedAt: Date | null;
  revocationReason: string | null;
}

/** Every key that ever signed: public halves alone. */
export const signingKeyEntity = new EntitySchema<SigningKeyRow>({
  name: 'SigningKey',
  tableName: 'signing_key',
  columns: {
    id: { type: 'text', primary: true },
    publicX: { type: 'text', name: 'public_x' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    signsFrom: { type: 'timestamptz', name: 'signs_from' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    revocationReason: { type: 'text', name: 'revocation_reason', nullable: true },
  },
  checks: [
    { name: 'signing_key_revocation', expression: '(revoked_at IS NULL) = (revocation_reason IS NULL)' },
  ],
});

export interface LicenseFileRow {
  id: string;
  licenseId: string;
  instanceId: string | null;
  encrypted: boolean;
  issuedAt: Date;
  expiresAt: Date | null;
  keyId: string;
  issuedTo: string;
  reportKey: string | null;
  activationId: string | null;
}

/** The record of each license file that was written. */
export const licenseFileEntity = new EntitySchema<LicenseFileRow>({
  name: 'LicenseFile',
  tableName: 'license_file',
  columns: {
    id: { type: 'uuid', primary: true },
    licenseId: { type: 'uuid', name: 'license_id' },
    instanceId: { type: 'text', name: 'instance_id', nullable: true },
    encrypted: { type: 'boolean' },
    issuedAt: { type: 'timestamptz', name: 'issued_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
    keyId: { type: 'text', name: 'key_id' },
    issuedTo: { type: 'text', name: 'issued_to' },
    reportKey: { type: 'text', name: 'report_key', nullable: true },
    activationId: { type: 'uuid', name: 'activation_id', nullable: true },
  },
  indices: [
    { name: 'license_file_by_license', columns: ['licenseId'] },
    {
      name: 'license_file_of_instance',
      columns: ['activationId', 'expiresAt'],
      where: 'activation_id IS NOT NULL',
    },
  ],
  foreignKeys: [
    {
      name: 'license_file_license',
      target: 'License',
      columnNames: ['licenseId'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'license_file_key',
      target: 'SigningKey',
      columnNames: ['keyId'],
      referencedColumnNames: ['id'],
    },
  ],
});

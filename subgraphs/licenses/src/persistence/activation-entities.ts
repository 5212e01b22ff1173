import { EntitySchema } from 'typeorm';

export interface ActivationCodeRow {
  id: string;
  deploymentId: string;
  hash: string;
  hint: string;
  createdAt: Date;
  expiresAt: Date;
  licenseId: string | null;
  createdBy: string;
  endedAt: Date | null;
  endCause: string | null;
}

function reference(name: string, target: string, column: string) {
  return { name, target, columnNames: [column], referencedColumnNames: ['id'] };
}

/** Every activation code that was made: hashes alone. */
export const activationCodeEntity = new EntitySchema<ActivationCodeRow>({
  name: 'ActivationCode',
  tableName: 'activation_code',
  columns: {
    id: { type: 'uuid', primary: true },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    hash: { type: 'text' },
    hint: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    licenseId: { type: 'uuid', name: 'license_id', nullable: true },
    createdBy: { type: 'text', name: 'created_by' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
    endCause: { type: 'text', name: 'end_cause', nullable: true },
  },
  indices: [
    { name: 'activation_code_hash', columns: ['hash'], unique: true },
    { name: 'activation_code_by_deployment', columns: ['deploymentId'] },
    { name: 'activation_code_open', columns: ['deploymentId'], unique: true, where: 'ended_at IS NULL' },
  ],
  foreignKeys: [
    reference('activation_code_deployment', 'Deployment', 'deploymentId'),
    reference('activation_code_license', 'License', 'licenseId'),
  ],
  checks: [{ name: 'activation_code_end', expression: '(ended_at IS NULL) = (end_cause IS NULL)' }],
});

export interface InstanceRow {
  id: string;
  deploymentId: string;
  instanceId: string;
  hostName: string;
  version: string;
  secretHash: string;
  activationCodeId: string;
  activatedAt: Date;
  lastSeenAt: Date;
  endedAt: Date | null;
  endCause: string | null;
}

/** Every instance that was activated, the ended ones too. */
export const instanceEntity = new EntitySchema<InstanceRow>({
  name: 'Instance',
  tableName: 'instance',
  columns: {
    id: { type: 'uuid', primary: true },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    instanceId: { type: 'text', name: 'instance_id' },
    hostName: { type: 'text', name: 'host_name' },
    version: { type: 'text' },
    secretHash: { type: 'text', name: 'secret_hash' },
    activationCodeId: { type: 'uuid', name: 'activation_code_id' },
    activatedAt: { type: 'timestamptz', name: 'activated_at' },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
    endCause: { type: 'text', name: 'end_cause', nullable: true },
  },
  indices: [
    { name: 'instance_by_deployment', columns: ['deploymentId'] },
    {
      name: 'instance_own_id',
      columns: ['deploymentId', 'instanceId'],
      unique: true,
      where: 'ended_at IS NULL',
    },
  ],
  foreignKeys: [
    reference('instance_deployment', 'Deployment', 'deploymentId'),
    reference('instance_activation_code', 'ActivationCode', 'activationCodeId'),
  ],
  checks: [{ name: 'instance_end', expression: '(ended_at IS NULL) = (end_cause IS NULL)' }],
});

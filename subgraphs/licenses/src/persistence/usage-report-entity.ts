import { EntitySchema } from 'typeorm';

export interface UsageReportRow {
  deploymentId: string;
  hash: string;
  id: string;
  licenseFileId: string;
  instanceId: string;
  hostName: string;
  version: string;
  createdAt: Date;
  receivedAt: Date;
  uploadedBy: string;
  samples: number;
}

/** The usage reports that were brought as files: each content once. */
export const usageReportEntity = new EntitySchema<UsageReportRow>({
  name: 'UsageReport',
  tableName: 'usage_report',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    hash: { type: 'text', primary: true },
    id: { type: 'uuid' },
    licenseFileId: { type: 'uuid', name: 'license_file_id' },
    instanceId: { type: 'text', name: 'instance_id' },
    hostName: { type: 'text', name: 'host_name' },
    version: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    receivedAt: { type: 'timestamptz', name: 'received_at' },
    uploadedBy: { type: 'text', name: 'uploaded_by' },
    samples: { type: 'integer' },
  },
  indices: [{ name: 'usage_report_by_receipt', columns: ['deploymentId', 'receivedAt'] }],
  foreignKeys: [
    {
      name: 'usage_report_deployment',
      target: 'Deployment',
      columnNames: ['deploymentId'],
      referencedColumnNames: ['id'],
    },
  ],
});

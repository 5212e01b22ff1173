import { EntitySchema, type EntityManager } from 'typeorm';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import sql from 'sql-template-tag';
import { derivedId } from '../../domain/ids.js';
import { query } from '../sql.js';

export interface GrantRow {
  id: string;
  subjectKind: GrantPayload['subject']['kind'];
  subjectId: string;
  objectKind: GrantPayload['object']['kind'];
  objectId: string;
  validFrom: Date;
  validUntil: Date | null;
}

/** Who may see what, from whichever service says so. */
export const grantEntity = new EntitySchema<GrantRow>({
  name: 'ViewerGrant',
  tableName: 'viewer_grant',
  columns: {
    id: { type: 'uuid', primary: true },
    subjectKind: { type: 'text', name: 'subject_kind' },
    subjectId: { type: 'uuid', name: 'subject_id' },
    objectKind: { type: 'text', name: 'object_kind' },
    objectId: { type: 'uuid', name: 'object_id' },
    validFrom: { type: 'timestamptz', name: 'valid_from' },
    validUntil: { type: 'timestamptz', name: 'valid_until', nullable: true },
  },
  indices: [
    { name: 'viewer_grant_subject', columns: ['subjectId', 'objectId'] },
    { name: 'viewer_grant_valid_from', columns: ['validFrom'] },
    { name: 'viewer_grant_valid_until', columns: ['validUntil'], where: 'valid_until IS NOT NULL' },
  ],
});

/** A grant's id: the same subject and object always make the same grant, so a repeated event replaces it. */
export function grantId(grant: Pick<GrantPayload, 'subject' | 'object'>): string {
  return derivedId('grant', grant.subject.kind, grant.subject.id, grant.object.kind, grant.object.id);
}

/** Writes a grant, replacing the same subject's and object's earlier one. */
export async function putGrant(manager: EntityManager, grant: GrantPayload): Promise<void> {
  await query(
    manager,
    sql`INSERT INTO viewer_grant (id, subject_kind, subject_id, object_kind, object_id, valid_from, valid_until)
        VALUES (${grantId(grant)}, ${grant.subject.kind}, ${grant.subject.id}, ${grant.object.kind},
                ${grant.object.id}, ${grant.from}, ${grant.until})
        ON CONFLICT (id) DO UPDATE SET valid_from = excluded.valid_from, valid_until = excluded.valid_until`,
  );
}

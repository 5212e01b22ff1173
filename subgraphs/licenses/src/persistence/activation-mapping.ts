import { raw } from 'sql-template-tag';
import type { ActivationCode, CodeEnd } from '../domain/activation/activation-code.js';
import type { Instance, InstanceEnd } from '../domain/activation/instance.js';
import type { ActivationCodeRow, InstanceRow } from './activation-entities.js';

/** Of an `instance AS i`, under the names of `InstanceRow`. */
export const instanceColumns = raw(
  'i.id, i.deployment_id AS "deploymentId", i.instance_id AS "instanceId", i.host_name AS "hostName", i.version, ' +
    'i.secret_hash AS "secretHash", i.activation_code_id AS "activationCodeId", i.activated_at AS "activatedAt", ' +
    'i.last_seen_at AS "lastSeenAt", i.ended_at AS "endedAt", i.end_cause AS "endCause"',
);

export function codeFromRow({ endedAt, endCause, ...row }: ActivationCodeRow): ActivationCode {
  return { ...row, ended: endedAt === null ? null : { at: endedAt, cause: endCause as CodeEnd } };
}

export function codeToRow({ ended, ...code }: ActivationCode): ActivationCodeRow {
  return { ...code, endedAt: ended?.at ?? null, endCause: ended?.cause ?? null };
}

export function instanceFromRow({ endedAt, endCause, ...row }: InstanceRow): Instance {
  return { ...row, ended: endedAt === null ? null : { at: endedAt, cause: endCause as InstanceEnd } };
}

export function instanceToRow({ ended, ...instance }: Instance): InstanceRow {
  return { ...instance, endedAt: ended?.at ?? null, endCause: ended?.cause ?? null };
}

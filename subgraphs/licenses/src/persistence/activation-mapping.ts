import type { ActivationCode, CodeEnd } from '../domain/activation/activation-code.js';
import type { Instance, InstanceEnd } from '../domain/activation/instance.js';
import type { ActivationCodeRow, InstanceRow } from './activation-entities.js';

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

import type { FieldPath } from '../order/errors.js';

/** What can be wrong with a lead or the policy of leads: the catalog. The codes are those of `LeadErrorCode`. */
export const leadErrorCodes = {
  DEPLOYMENT_NOT_FOUND: 'There is no such deployment that you may see; give the id of one.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  LEAD_CHANGED: 'Somebody else changed the lead meanwhile: read it again.',
  LEAD_NOT_FOUND: 'There is no such lead; give the id of one.',
  NOTHING_CHANGES: 'The lead already is as asked for, or nothing was asked for.',
  PLAN_NOT_FOUND: 'There is no plan of this code; `products` lists what is sold.',
  POLICY_CHANGED: 'Somebody else set the policy meanwhile: read it again.',
  STATUS_NOT_ALLOWED: 'The lead cannot come to this status from where it stands.',
} as const;

export type LeadErrorCode = keyof typeof leadErrorCodes;

/** Something in the input that the caller can mend. */
export interface LeadError {
  readonly code: LeadErrorCode;
  /** What is wrong and how to mend it. */
  readonly message: string;
  /** The path of the input field. */
  readonly field: readonly string[];
}

/** @param message the catalog's own when left out */
export function leadError(
  code: LeadErrorCode,
  field: FieldPath,
  message: string = leadErrorCodes[code],
): LeadError {
  return { code, message, field: field.map(String) };
}

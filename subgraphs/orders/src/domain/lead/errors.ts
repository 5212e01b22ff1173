import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';

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
export type LeadError = UserError<LeadErrorCode>;

/** With the catalog's sentence unless a closer one is given. */
export const leadError = errorsOf(leadErrorCodes);

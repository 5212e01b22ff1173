import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';

/** What can be wrong with the input of a mutation: the catalog. The codes are those of `LicenseErrorCode` in the contract. */
export const licenseErrorCodes = {
  ADD_ON_NOT_FOUND: 'The deployment has no such add-on in force, or it is not for named users.',
  NO_SEAT_LEFT: 'Every seat of the add-on is assigned: take one back, or buy more.',
  ACTIVATION_CODE_EXPIRED:
    'The activation code was good for a limited time, which is over. Ask for a new one.',
  ACTIVATION_CODE_INVALID:
    'There is no such activation code, or it is another account’s; which of the two is not told.',
  ACTIVATION_CODE_NOT_FOUND:
    'There is no such activation code, or the viewer may not see it; which of the two is not told.',
  ACTIVATION_CODE_REVOKED: 'The activation code was revoked, or a newer one took its place.',
  DEPLOYMENT_HAS_NO_INSTANCES:
    'Instances activate themselves for a self-managed instance or a dedicated tenant alone.',
  ACCOUNT_NOT_FOUND: 'The account runs no deployment here.',
  ALLOWANCE_EXCEEDED: 'It is more than what is left, and the plan does not let the allowance be exceeded.',
  COUNT_GOES_BACK: 'A meter cannot have counted less than before: it was read otherwise earlier or later.',
  DEPLOYMENT_NOT_FOUND:
    'There is no such deployment, or the viewer may not see it; which of the two is not told.',
  FEATURE_NOT_FOUND:
    'The deployment has no such feature of this kind, or the price list has none of this key.',
  GRANT_NOT_FOUND: 'There is no such grant or override.',
  GRANT_REVOKED: 'The grant or override was revoked before.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INSTANCE_ENDED: 'The instance was deactivated or transferred. Activate it anew with an activation code.',
  INSTANCE_ID_TAKEN:
    'Another active instance of the deployment goes by this id. Deactivate or transfer that one first, or choose another id.',
  INSTANCE_LIMIT_REACHED: 'All instances that the license serves are taken.',
  INSTANCE_NOT_FOUND:
    'There is no such instance, the viewer may not see it, or the secret is not its own; which of these is not told.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  LICENSE_FILE_NOT_FOUND:
    'The report was made under a license file that does not exist or that the viewer may not see; which of the two is not told.',
  LICENSE_NOT_IN_FORCE:
    'The deployment has no license in force: its subscription has not begun, or has ended.',
  LICENSE_NOT_FOUND: 'There is no such license, or the viewer may not see it; which of the two is not told.',
  LICENSE_REPLACED: 'A newer license of the subscription has replaced it.',
  SIGNING_KEY_NOT_FOUND: 'There is no such signing key.',
  SIGNING_KEY_REVOKED: 'The signing key was revoked before.',
  USAGE_REPORT_ALTERED: 'The report was altered, or was not made under the license file that it names.',
  USAGE_REPORT_INVALID: 'The text is not a usage report, or not of the form that is known here.',
} as const;

export type LicenseErrorCode = keyof typeof licenseErrorCodes;

/** Why something cannot be done, and how to mend it. */
export type Refusal = UserError<LicenseErrorCode>;

/** Refuses, with the sentence of the catalog unless a closer one is given. */
export const refusal = errorsOf(licenseErrorCodes);

/** What can be wrong with the input of a mutation: the catalog. The codes are those of `LicenseErrorCode` in the contract. */
export const licenseErrorCodes = {
  DEPLOYMENT_NOT_FOUND:
    'There is no such deployment, or the viewer may not see it; which of the two is not told.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  LICENSE_NOT_FOUND: 'There is no such license, or the viewer may not see it; which of the two is not told.',
  LICENSE_REPLACED: 'A newer license of the subscription has replaced it.',
  SIGNING_KEY_NOT_FOUND: 'There is no such signing key.',
  SIGNING_KEY_REVOKED: 'The signing key was revoked before.',
} as const;

export type LicenseErrorCode = keyof typeof licenseErrorCodes;

/** Why something cannot be done, and how to mend it. */
export interface Refusal {
  readonly code: LicenseErrorCode;
  readonly message: string;
  /** The path of the input field. */
  readonly field: readonly string[];
}

/**
 * Refuses, with the sentence of the catalog unless a closer one is given.
 * @param field the path of the input field
 */
export function refusal(
  code: LicenseErrorCode,
  field: readonly string[],
  message: string = licenseErrorCodes[code],
): Refusal {
  return { code, message, field };
}

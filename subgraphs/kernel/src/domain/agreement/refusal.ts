/** Why an action cannot be done to an agreement: the catalog. Orders shows the codes to callers as they are. */
export const agreementRefusalCodes = {
  DATE_OUTSIDE_TERM: 'The day lies outside the term in which the action is possible.',
  DECREASE_NOT_ALLOWED: 'The subscription terms allow less only from the next term on.',
  NOTHING_CHANGES: 'The subscription already is as asked for.',
  NOT_A_TRIAL: 'The subscription is no trial.',
  NOT_SUSPENDED: 'The subscription is not suspended.',
  PLAN_INVALID: 'A subscription needs exactly one plan, and each product once.',
  PRODUCT_ALREADY_INCLUDED: 'The subscription has this product already.',
  PRODUCT_NOT_INCLUDED: 'The subscription does not have this product.',
  SUBSCRIPTION_ENDED: 'The subscription was canceled or has ended.',
  SUBSCRIPTION_SUSPENDED: 'The subscription is suspended.',
  TRIAL_NOT_PAID: 'A trial has to be converted before it can be changed.',
} as const;

export type AgreementRefusalCode = keyof typeof agreementRefusalCodes;

/** Why an action cannot be done, and how to mend it. */
export interface AgreementRefusal {
  readonly code: AgreementRefusalCode;
  readonly message: string;
  /** The field of the action that is at fault; null when the action as a whole is. */
  readonly field: string | null;
}

export function agreementRefusal(
  code: AgreementRefusalCode,
  message: string,
  field: string | null = null,
): AgreementRefusal {
  return { code, message, field };
}

import {
  type AgreementRefusalCode,
  agreementRefusalCodes,
} from '@fulfillment/kernel/domain/agreement/refusal';

/** Why an order cannot be carried out. What the buyer reads is the code and a sentence: `PRICE_CHANGED: …`. */
export const refusalCodes = {
  ...agreementRefusalCodes,
  PRICE_CHANGED: 'The charges that the order froze are not what its prices come to.',
  CURRENCY_MISMATCH: 'The order is in another currency than the account that pays.',
  SUBSCRIPTION_NOT_FOUND: 'There is no such subscription.',
  SUBSCRIPTION_CHANGED: 'The subscription was changed after the order was priced.',
} as const;

export type RefusalCode = AgreementRefusalCode | keyof typeof refusalCodes;

export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence that names the difference. */
  readonly message: string;
}

/** The reason as the order's fulfillment steps tell it. */
export function refusalReason({ code, message }: Refusal): string {
  return `${code}: ${message}`;
}

/** Why an order cannot be carried out. What the buyer reads is the code and a sentence: `PRICE_CHANGED: …`. */
export const refusalCodes = {
  PRICE_CHANGED: 'The charges that the order froze are not what its prices come to.',
  CURRENCY_MISMATCH: 'The order is in another currency than the account that pays.',
  PLAN_INVALID: 'A subscription needs exactly one plan, and each product once.',
} as const;

export type RefusalCode = keyof typeof refusalCodes;

export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence that names the difference. */
  readonly message: string;
}

/** The reason as the order's fulfillment steps tell it. */
export function refusalReason({ code, message }: Refusal): string {
  return `${code}: ${message}`;
}

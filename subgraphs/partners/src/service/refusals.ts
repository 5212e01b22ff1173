/** Why a use case of this service refuses: every code and what it means. */
export const refusals = {
  PARTNER_UNKNOWN: 'There is no partner with this id.',
  DISTRIBUTOR_UNKNOWN: 'There is no partner with the id that was given as the distributor.',
  NOT_A_DISTRIBUTOR: 'The partner that was given as the distributor is a reseller.',
  AGREEMENT_EMPTY: 'An agreement ends before or on the day on which it starts.',
  AGREEMENTS_OVERLAP: 'Two agreements of the partner are in force on the same day.',
  COMMISSION_RATE_INVALID: 'A commission rate is not a decimal number from 0 to 100.',
  RELATIONSHIP_EMPTY: 'The relationship ends before or on the day on which it starts.',
  RELATIONSHIPS_OVERLAP: 'The partner sells to this customer on some of these days already.',
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof refusals;

/** The companies of ours that sell and write invoices, by their short code. */
export const legalEntities = {
  US: { code: 'US', name: 'Fulfillment Example, Inc.' },
  EU: { code: 'EU', name: 'Fulfillment Example B.V.' },
} as const;

export type LegalEntityCode = keyof typeof legalEntities;

export interface LegalEntity {
  readonly code: LegalEntityCode;
  readonly name: string;
}

/** The legal entity of a code that the database vouches for. */
export function legalEntity(code: LegalEntityCode): LegalEntity {
  return legalEntities[code];
}

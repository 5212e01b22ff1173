/** The companies of ours that sell and write invoices, by their short code. */
export const legalEntities = {
  US: { code: 'US', name: 'Fulfillment Example, Inc.' },
  EU: { code: 'EU', name: 'Fulfillment Example B.V.' },
} as const;

export type LegalEntityCode = keyof typeof legalEntities;

/** The companies of ours that sell and write invoices, by their short code, with the country of their seat. */
export const legalEntities = {
  US: { code: 'US', name: 'Fulfillment Example, Inc.', countryCode: 'US' },
  EU: { code: 'EU', name: 'Fulfillment Example B.V.', countryCode: 'NL' },
  /** No company: the books of sandbox accounts, which live on test clocks and move no money. */
  SANDBOX: { code: 'SANDBOX', name: 'Fulfillment Example Sandbox', countryCode: 'NL' },
} as const;

export type LegalEntityCode = keyof typeof legalEntities;

/** A legal entity by its code. Throws a RangeError when there is no such company: codes are ours, never the client's. */
export function legalEntity(code: string): (typeof legalEntities)[LegalEntityCode] {
  if (code === 'US' || code === 'EU' || code === 'SANDBOX') return legalEntities[code];
  throw new RangeError(`Not a legal entity: ${code}`);
}

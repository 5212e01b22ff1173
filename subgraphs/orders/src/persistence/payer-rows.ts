import type { LegalEntityCode } from '@fulfillment/kernel/domain/legal-entity';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { Payer } from '../domain/order/facts.js';

/** The account that pays, as statements that join it read it. */
export interface PayerRecord {
  invoice_owner_id: string;
  currency: CurrencyCode;
  country_code: string;
  legal_entity_code: LegalEntityCode;
}

export function payerFromRow(row: PayerRecord): Payer {
  return {
    id: row.invoice_owner_id,
    currency: row.currency,
    countryCode: row.country_code,
    legalEntityCode: row.legal_entity_code,
  };
}

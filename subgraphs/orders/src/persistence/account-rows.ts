import type { LegalEntityCode } from '@fulfillment/kernel/domain/legal-entity';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { Account, AccountSegment } from '../domain/account/account.js';
import type { AccountRow } from './entities.js';

/** An account as `SELECT a.*` reads it. */
export interface AccountRecord {
  id: string;
  name: string;
  country_code: string;
  billing_time_zone: string;
  currency: CurrencyCode;
  segment: AccountSegment;
  legal_entity_code: LegalEntityCode;
  payment_terms_days: number;
  sandbox: boolean;
  created_at: Date;
  version: number;
}

export function accountFromRow(row: AccountRecord): Account {
  const { id, name, currency, segment, sandbox, version } = row;
  return {
    id,
    name,
    countryCode: row.country_code,
    billingTimeZone: row.billing_time_zone,
    currency,
    segment,
    legalEntityCode: row.legal_entity_code,
    paymentTermsDays: row.payment_terms_days,
    sandbox,
    createdAt: row.created_at,
    version,
  };
}

export function accountToRow(account: Account): AccountRow {
  return { ...account };
}

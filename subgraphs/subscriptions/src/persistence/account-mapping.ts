import { isCurrency, type CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { Account } from '../domain/account.js';
import type { AccountRow } from './rows.js';

export function toAccountRow(account: Account): AccountRow {
  return {
    id: account.id,
    name: account.name,
    country_code: account.countryCode,
    billing_time_zone: account.billingTimeZone,
    currency: account.currency,
    legal_entity_code: account.legalEntityCode,
    payment_terms_days: account.paymentTermsDays,
    sandbox: account.sandbox,
  };
}

export function fromAccountRow(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    countryCode: row.country_code,
    billingTimeZone: row.billing_time_zone,
    currency: storedCurrency(row.currency),
    legalEntityCode: row.legal_entity_code,
    paymentTermsDays: row.payment_terms_days,
    sandbox: row.sandbox,
  };
}

/** A currency as this service stored it. Throws a RangeError when the row lies. */
export function storedCurrency(code: string): CurrencyCode {
  if (!isCurrency(code)) throw new RangeError(`Not a currency: ${code}`);
  return code;
}

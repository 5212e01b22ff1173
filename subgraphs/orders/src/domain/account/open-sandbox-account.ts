import { isTimeZone } from '@fulfillment/kernel/domain/calendar';
import { legalEntities } from '@fulfillment/kernel/domain/legal-entity';
import { isCurrency } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { numberError } from '../order/number.js';
import { textError } from '../order/text.js';
import type { Account } from './account.js';
import type { AccountError } from './errors.js';
import { isCountry } from './countries.js';

/** A sandbox account as it is asked for. */
export interface SandboxAccountInput {
  readonly name: string;
  readonly countryCode: string;
  readonly billingTimeZone: string;
  readonly currency: string;
  readonly paymentTermsDays?: number | null;
}

const nameLength = { minimum: 1, maximum: 255 };
const paymentTermsRange = { minimum: 0, maximum: 365 };
const usualPaymentTermsDays = 30;

/** The account that is opened, in books of its own, or all that is wrong with what was asked for. */
export function openedSandbox(
  input: SandboxAccountInput,
  { id, at }: { readonly id: string; readonly at: Date },
): Result<Account, AccountError[]> {
  const { name, countryCode, billingTimeZone, currency, paymentTermsDays } = input;
  const errors = [
    textError(name, ['name'], nameLength),
    isCountry(countryCode) ? null : countryUnknown,
    isTimeZone(billingTimeZone) ? null : timeZoneUnknown,
    isCurrency(currency) ? null : currencyUnknown,
    numberError(paymentTermsDays, ['paymentTermsDays'], paymentTermsRange),
  ].filter((error) => error !== null);
  if (!isCurrency(currency) || errors.length > 0) return err(errors);
  return ok({
    id,
    name,
    countryCode,
    billingTimeZone,
    currency,
    segment: 'SMALL_BUSINESS',
    legalEntityCode: legalEntities.SANDBOX.code,
    paymentTermsDays: paymentTermsDays ?? usualPaymentTermsDays,
    sandbox: true,
    createdAt: at,
    version: 1,
  });
}

const countryUnknown: AccountError = {
  code: 'COUNTRY_UNKNOWN',
  message: 'Use a country code of ISO 3166 in capitals, for example DE.',
  field: ['countryCode'],
};

const timeZoneUnknown: AccountError = {
  code: 'TIME_ZONE_UNKNOWN',
  message: 'Use the name of a time zone, for example Europe/Berlin.',
  field: ['billingTimeZone'],
};

const currencyUnknown: AccountError = {
  code: 'CURRENCY_UNKNOWN',
  message: 'Use a currency code of ISO 4217, for example USD.',
  field: ['currency'],
};

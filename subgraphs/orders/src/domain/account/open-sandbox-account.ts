import { isTimeZone } from '@fulfillment/kernel/domain/calendar';
import { legalEntities } from '@fulfillment/kernel/domain/legal-entity';
import { isCurrency } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { numberError } from '../order/number.js';
import { textError } from '../order/text.js';
import type { Account } from './account.js';
import { isCountry } from './countries.js';

/** What can be wrong with an account: the catalog. The codes are those of `AccountErrorCode` in the contract. */
export const accountErrorCodes = {
  COUNTRY_UNKNOWN: 'The country is not one that is known.',
  CURRENCY_UNKNOWN: 'The currency is not one that is known.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  TIME_ZONE_UNKNOWN: 'The time zone is not one that is known.',
} as const;

export type AccountErrorCode = keyof typeof accountErrorCodes;

/** Something in the input that the caller can mend. */
export interface AccountError {
  readonly code: AccountErrorCode;
  /** What is wrong and how to mend it. */
  readonly message: string;
  /** The path of the input field. */
  readonly field: readonly string[];
}

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
